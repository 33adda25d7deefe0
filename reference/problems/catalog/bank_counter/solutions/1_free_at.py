n, c = map(int, input().split())
free = [0] * c
used = []
longest = 0
for _ in range(n):
    a, d = map(int, input().split())
    start = max(a, min(free))
    k = 0
    while free[k] > start:
        k += 1
    used.append(k + 1)
    free[k] = start + d
    longest = max(longest, start - a)
print(*used)
print(longest, max(free))
