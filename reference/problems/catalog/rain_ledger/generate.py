import random

rng = random.Random(int(input()))
n = rng.randint(1, 15)
q = rng.randint(1, 10)
print(n, q)
print(*[rng.randint(-1000, 1000) if rng.random() < 0.5 else rng.randint(-5, 5) for _ in range(n)])
for _ in range(q):
    print(rng.randint(1, n), rng.randint(1, n))
