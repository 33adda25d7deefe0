N, V = map(int, input().split())
items = []
for i, p in enumerate(input().split()):
    items.append((int(p), i + 1))
items.sort()
lo = 0
hi = N - 1
while lo < hi:
    s = items[lo][0] + items[hi][0]
    if s == V:
        print(items[lo][1], items[hi][1])
        break
    if s < V:
        lo += 1
    else:
        hi -= 1
else:
    print(0)
