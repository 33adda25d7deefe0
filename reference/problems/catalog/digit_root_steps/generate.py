import random

rng = random.Random(int(input()))
digits = rng.choice([1, 2, 2, 3, 6, 30])
print(rng.randint(10 ** (digits - 1), 10**digits - 1))
