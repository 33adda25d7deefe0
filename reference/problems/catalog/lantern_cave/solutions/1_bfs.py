from collections import deque

R, C, L = map(int, input().split())
cave = [input() for _ in range(R)]
for i in range(R):
    for j in range(C):
        if cave[i][j] == "S":
            start = (i, j)
        if cave[i][j] == "E":
            end = (i, j)

dist = [[-1] * C for _ in range(R)]
dist[start[0]][start[1]] = 0
queue = deque([start])
while queue:
    r, c = queue.popleft()
    for dr, dc in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        nr, nc = r + dr, c + dc
        if 0 <= nr < R and 0 <= nc < C and cave[nr][nc] != "#" and dist[nr][nc] == -1:
            dist[nr][nc] = dist[r][c] + 1
            queue.append((nr, nc))

steps = dist[end[0]][end[1]]
if steps == -1:
    print("trapped")
else:
    print(steps, "light" if steps <= L else "dark")
