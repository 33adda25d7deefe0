s, d = map(int, input().split())
table = [list(map(int, input().split())) for _ in range(s)]
stall_sums = [sum(row) for row in table]
day_sums = [sum(column) for column in zip(*table)]
for sums in (stall_sums, day_sums):
    print(sums.index(max(sums)) + 1, max(sums))
print(sum(stall_sums))
