n, b = map(int, input().split())
broken = set(map(int, input().split()))
ways = [0] * (n + 1)
ways[0] = 1
for step in range(1, n + 1):
    if step in broken:
        continue
    for jump in (1, 2, 3):
        if step >= jump:
            ways[step] += ways[step - jump]
    ways[step] %= 10007
print(ways[n])
