import random

rng = random.Random(int(input()))
rows = rng.randint(1, 8)
columns = rng.randint(1, 8)
wet = rng.choice([0.2, 0.45, 0.6, 0.8])
print(rows, columns)
for _ in range(rows):
    print("".join("~" if rng.random() < wet else "." for _ in range(columns)))
