import random

rng = random.Random(int(input()))
n = rng.randint(1, 8)
top = rng.choice([3, 10, 100])
snacks = [(rng.randint(1, top), rng.randint(1, rng.choice([3, 20, 1000]))) for _ in range(n)]
print(n, rng.choice([sum(w for w, _ in snacks) // 2, top, rng.randint(0, 2 * top)]))
for w, p in snacks:
    print(w, p)
