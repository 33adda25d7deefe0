import random

rng = random.Random(int(input()))
cases = rng.randint(1, 6)
print(cases)
for _ in range(cases):
    k = rng.randint(2, 6)
    top = rng.choice([4, 12, 60, 1000])
    print(k, *[rng.randint(1, top) for _ in range(k)])
