import random

rng = random.Random(int(input()))
n = rng.randint(1, 10)
top = rng.choice([1, 10, 1000])
print(n, rng.choice([0, 1, 1, 2, 3, n]))
print(*[round(rng.uniform(-top, top), rng.choice([0, 1, 2])) for _ in range(n)])
