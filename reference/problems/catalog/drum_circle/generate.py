import random

rng = random.Random(int(input()))
n = rng.choice([rng.randint(1, 12), rng.randint(10, 45)])
print(n, rng.randint(1, 8), rng.randint(1, 12))
