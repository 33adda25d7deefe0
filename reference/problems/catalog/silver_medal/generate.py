import random

seed = int(input())
rng = random.Random(seed)
n = rng.randint(1, 12)
# Few different values make ties likely.
spread = rng.choice([1, 3, 20, 1000])
scores = [rng.randint(-spread, spread) for _ in range(n)]
print(n)
print(*scores)
