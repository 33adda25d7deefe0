r, c, h = map(int, input().split())
dish = [list(input()) for _ in range(r)]

for _ in range(h):
    new = [["."] * c for _ in range(r)]
    for i in range(r):
        for j in range(c):
            count = 0
            for y in range(max(i - 1, 0), min(i + 2, r)):
                for x in range(max(j - 1, 0), min(j + 2, c)):
                    if (y, x) != (i, j) and dish[y][x] == "*":
                        count += 1
            if count == 3 or count == 2 and dish[i][j] == "*":
                new[i][j] = "*"
    dish = new

alive = 0
for row in dish:
    print("".join(row))
    alive += row.count("*")
print(alive)
