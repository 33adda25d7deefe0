import random

rng = random.Random(int(input()))
rows = rng.randint(1, 6)
columns = rng.randint(1, 6)
room = [[rng.choice("....#") for _ in range(columns)] for _ in range(rows)]
room[rng.randrange(rows)][rng.randrange(columns)] = rng.choice("^>v<")
print(rows, columns)
for row in room:
    print("".join(row))
print("".join(rng.choice("FFFFLR") for _ in range(rng.randint(1, 25))))
