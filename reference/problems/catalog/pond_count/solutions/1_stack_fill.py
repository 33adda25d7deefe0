r, c = map(int, input().split())
field = [list(input()) for _ in range(r)]
sizes = []
for i in range(r):
    for j in range(c):
        if field[i][j] == "~":
            size = 0
            stack = [(i, j)]
            field[i][j] = "."
            while stack:
                y, x = stack.pop()
                size += 1
                for ny, nx in (y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1):
                    if 0 <= ny < r and 0 <= nx < c and field[ny][nx] == "~":
                        field[ny][nx] = "."
                        stack.append((ny, nx))
            sizes.append(size)
print(len(sizes))
if sizes:
    print(*sorted(sizes, reverse=True))
else:
    print("dry")
