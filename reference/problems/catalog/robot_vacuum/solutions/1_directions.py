R, C = map(int, input().split())
room = [input() for _ in range(R)]
commands = input()

dr = [-1, 0, 1, 0]
dc = [0, 1, 0, -1]
for i in range(R):
    for j in range(C):
        if room[i][j] in "^>v<":
            r, c = i, j
            d = "^>v<".index(room[i][j])

clean = {(r, c)}
bumps = 0
for command in commands:
    if command == "L":
        d = (d + 3) % 4
    elif command == "R":
        d = (d + 1) % 4
    else:
        nr = r + dr[d]
        nc = c + dc[d]
        if 0 <= nr < R and 0 <= nc < C and room[nr][nc] != "#":
            r, c = nr, nc
            clean.add((r, c))
        else:
            bumps += 1
print(r + 1, c + 1)
print(len(clean))
print(bumps)
