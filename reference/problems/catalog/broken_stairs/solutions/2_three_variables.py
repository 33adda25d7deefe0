import sys

data = list(map(int, sys.stdin.read().split()))
bad = [False] * (data[0] + 1)
for x in data[2:]:
    bad[x] = True
a, b, c = 0, 0, 1
for i in range(1, data[0] + 1):
    d = 0 if bad[i] else (a + b + c) % 10007
    a, b, c = b, c, d
print(c)
