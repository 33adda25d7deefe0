import random

rng = random.Random(int(input()))
print(rng.randint(1, 7), rng.randint(0, 4))
print(rng.choice("*#ox@%8"))
