import random

rng = random.Random(int(input()))
for _ in range(rng.randint(1, 8)):
    a = rng.randint(1, rng.choice([5, 30, 1000, 90000]))
    print(a, a + rng.randint(0, rng.choice([0, 3, 10, 1000])))
print(0, 0)
