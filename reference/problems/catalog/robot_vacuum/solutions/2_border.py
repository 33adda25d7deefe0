# a wall of furniture around the room saves the range checks
rows, cols = [int(x) for x in input().split()]
grid = ["#" * (cols + 2)]
for i in range(rows):
    grid.append("#" + input() + "#")
grid.append("#" * (cols + 2))

y = x = 0
for i, line in enumerate(grid):
    for mark, step in (("^", (-1, 0)), (">", (0, 1)), ("v", (1, 0)), ("<", (0, -1))):
        if mark in line:
            y, x = i, line.index(mark)
            dy, dx = step

seen = [[False] * (cols + 2) for _ in range(rows + 2)]
seen[y][x] = True
bump = 0
for ch in input():
    if ch == "L":
        dy, dx = -dx, dy
    elif ch == "R":
        dy, dx = dx, -dy
    elif grid[y + dy][x + dx] == "#":
        bump += 1
    else:
        y += dy
        x += dx
        seen[y][x] = True

print(y, x)
print(sum(map(sum, seen)))
print(bump)
