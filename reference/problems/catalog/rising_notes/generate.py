import random

rng = random.Random(int(input()))
for _ in range(rng.randint(1, 4)):
    n = rng.randint(1, 14)
    top = rng.choice([2, 6, 30, 1000])
    print(n)
    print(*[rng.randint(-top, top) for _ in range(n)])
