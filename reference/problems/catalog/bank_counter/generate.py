import random

rng = random.Random(int(input()))
n = rng.randint(1, 12)
c = rng.randint(1, 4)
now = rng.randint(0, 5)
print(n, c)
for _ in range(n):
    print(now, rng.randint(1, rng.choice([3, 8, 20])))
    now += rng.choice([0, 0, 1, 2, 5])
