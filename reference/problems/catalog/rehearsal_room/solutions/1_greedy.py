n = int(input())
requests = []
for _ in range(n):
    s, e = map(int, input().split())
    requests.append((s, e))

granted = 0
free = 0
for s, e in sorted(requests, key=lambda r: r[1]):
    if s >= free:
        granted += 1
        free = e
print(granted)

longest = requests[0]
for r in requests:
    if r[1] - r[0] > longest[1] - longest[0]:
        longest = r
clashes = -1
for s, e in requests:
    if s < longest[1] and e > longest[0]:
        clashes += 1
print(clashes)
