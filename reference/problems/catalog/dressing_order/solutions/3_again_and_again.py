n, m = [int(x) for x in input().split()]
rules = [tuple(map(int, input().split())) for _ in range(m)]
on = []
while len(on) < n:
    progress = False
    for piece in range(n, 0, -1):
        if piece in on:
            continue
        if all(a in on for a, b in rules if b == piece):
            on.append(piece)
            progress = True
    if not progress:
        break
print(*on if len(on) == n else ['impossible'])
