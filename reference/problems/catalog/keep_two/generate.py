import random

rng = random.Random(int(input()))
kinds = rng.choice([[1, 2], [1, 2, 3, "a"], ["x", "y", "z"], [0, -1, "0", "-1"]])
cards = [rng.choice(kinds) for _ in range(rng.randint(0, 10))]
print(f"{rng.choice(['keep_two', 'kept_and_unchanged'])}({cards!r})")
