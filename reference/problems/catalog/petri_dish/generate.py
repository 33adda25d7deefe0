import random

rng = random.Random(int(input()))
rows = rng.randint(1, 7)
columns = rng.randint(1, 7)
print(rows, columns, rng.choice([0, 1, 1, 2, 3, 6]))
for _ in range(rows):
    print("".join(rng.choice(".*") if rng.random() < 0.8 else "." for _ in range(columns)))
