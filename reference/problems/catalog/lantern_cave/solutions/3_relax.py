# improve the distances until nothing changes
BIG = 10 ** 9
r, c, l = map(int, input().split())
g = []
for _ in range(r):
    g.append(list(input().strip()))
d = [[BIG] * c for _ in range(r)]
for i in range(r):
    for j in range(c):
        if g[i][j] == 'S':
            d[i][j] = 0
        elif g[i][j] == 'E':
            ei = i
            ej = j
changed = True
while changed:
    changed = False
    for i in range(r):
        for j in range(c):
            if g[i][j] == '#':
                continue
            best = d[i][j]
            if i > 0:
                best = min(best, d[i - 1][j] + 1)
            if i < r - 1:
                best = min(best, d[i + 1][j] + 1)
            if j > 0:
                best = min(best, d[i][j - 1] + 1)
            if j < c - 1:
                best = min(best, d[i][j + 1] + 1)
            if best < d[i][j]:
                d[i][j] = best
                changed = True
if d[ei][ej] >= BIG:
    print('trapped')
else:
    if d[ei][ej] > l:
        print(d[ei][ej], 'dark')
    else:
        print(d[ei][ej], 'light')
