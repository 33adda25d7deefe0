import random

rng = random.Random(int(input()))
print(rng.randint(1, 9), rng.randint(1, 12))
