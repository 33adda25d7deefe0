import random

rng = random.Random(int(input()))
n = rng.randint(1, 10)
top = rng.choice([1, 3, 8, 500])
weights = [rng.randint(-top, top) if rng.random() < 0.4 else rng.randint(1, top) for _ in range(n)]
print(n, sum(w for w in weights if rng.random() < 0.5) + rng.choice([0, 0, 0, 1]))
print(*weights)
