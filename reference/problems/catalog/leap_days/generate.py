import random

rng = random.Random(int(input()))
q = rng.randint(1, 6)
print(q)
for _ in range(q):
    if rng.random() < 0.4:
        # near the turn of a century, where the rules meet
        a = max(1, rng.randint(1, 99) * 100 - rng.randint(0, 4))
    else:
        a = rng.randint(1, 9999)
    b = min(9999, a + rng.choice([0, 1, 4, 8, 150, 3000]))
    print(a, b)
