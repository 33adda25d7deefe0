import random

rng = random.Random(int(input()))
print(rng.randint(0, 7), *rng.sample("ABC", 2))
