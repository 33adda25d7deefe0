n, limit = [int(i) for i in input().split()]
length = [int(i) for i in input().split()]

most = 0
start = 0
for i in range(n):
    time = 0
    count = 0
    j = i
    while j < n and time + length[j] <= limit:
        time = time + length[j]
        count = count + 1
        j = j + 1
    if count > most:
        most = count
        start = i + 1
print(most, start)
