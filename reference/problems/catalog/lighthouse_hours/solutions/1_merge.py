n = int(input())
lamps = []
for _ in range(n):
    s, e = map(int, input().split())
    lamps.append((s, e))
lamps.sort()

merged = []
for s, e in lamps:
    if merged and s <= merged[-1][1]:
        merged[-1][1] = max(merged[-1][1], e)
    else:
        merged.append([s, e])

total = 0
for s, e in merged:
    print(s, e)
    total += e - s
print(total)
