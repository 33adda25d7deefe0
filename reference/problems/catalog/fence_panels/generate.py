import random

rng = random.Random(int(input()))
for _ in range(rng.randint(1, 6)):
    print(rng.randint(0, rng.choice([4, 20, 100, 5000])))
