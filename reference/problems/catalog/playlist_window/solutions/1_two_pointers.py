n, t = map(int, input().split())
songs = list(map(int, input().split()))
best = 0
where = 0
left = 0
total = 0
for right in range(n):
    total += songs[right]
    while total > t:
        total -= songs[left]
        left += 1
    length = right - left + 1
    if length > best:
        best = length
        where = left + 1
print(best, where)
