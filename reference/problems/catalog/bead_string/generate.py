import random

rng = random.Random(int(input()))
t = rng.randint(1, 5)
print(t)
for _ in range(t):
    runs = rng.randint(1, 6)
    print("".join(rng.choice("abC") * rng.choice([1, 1, 2, 3, 11]) for _ in range(runs)))
