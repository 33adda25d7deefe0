import random

rng = random.Random(int(input()))
rows = rng.randint(1, 8)
columns = rng.randint(2, 8)
rocks = rng.choice([0.1, 0.3, 0.4])
cave = [["#" if rng.random() < rocks else "." for _ in range(columns)] for _ in range(rows)]
start, end = rng.sample([(i, j) for i in range(rows) for j in range(columns)], 2)
cave[start[0]][start[1]] = "S"
cave[end[0]][end[1]] = "E"
print(rows, columns, rng.randint(0, rows + columns))
for row in cave:
    print("".join(row))
