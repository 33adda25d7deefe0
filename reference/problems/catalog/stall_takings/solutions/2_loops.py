n, m = map(int, input().split())
a = []
for i in range(n):
    a.append([int(x) for x in input().split()])

best = 0
best_sum = None
total = 0
for i in range(n):
    t = 0
    for j in range(m):
        t += a[i][j]
    total += t
    if best_sum is None or t > best_sum:
        best = i + 1
        best_sum = t
print(best, best_sum)

best = 0
best_sum = None
for j in range(m):
    t = 0
    for i in range(n):
        t += a[i][j]
    if best_sum is None or t > best_sum:
        best = j + 1
        best_sum = t
print(best, best_sum)
print(total)
