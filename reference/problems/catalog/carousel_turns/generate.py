import random

rng = random.Random(int(input()))
animals = ["ant", "bee", "cow", "doe", "elk", "fox", "gnu", "hen", "ibis"]
rng.shuffle(animals)
n = rng.randint(2, len(animals))
print(n, rng.choice([rng.randint(-n, n), rng.randint(-50, 50)]))
print(*animals[:n])
