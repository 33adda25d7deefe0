import random

rng = random.Random(int(input()))
stalls, days = rng.randint(1, 5), rng.randint(1, 5)
spread = rng.choice([2, 10, 1000])
print(stalls, days)
for _ in range(stalls):
    print(*[rng.randint(-spread, spread) for _ in range(days)])
