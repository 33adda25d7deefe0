n, q = map(int, input().split())
a = list(map(int, input().split()))
total = [0] * (n + 1)
for i in range(n):
    total[i + 1] = total[i] + a[i]
for _ in range(q):
    x, y = map(int, input().split())
    if x > y:
        x, y = y, x
    print(total[y] - total[x - 1])
