import sys
from itertools import accumulate

data = sys.stdin.read().split()
n, k = int(data[0]), int(data[1])
x = [float(v) for v in data[2:]]
s = [0.0] + list(accumulate(x))
smooth = []
for i in range(n):
    a, b = max(i - k, 0), min(i + k + 1, n)
    smooth.append((s[b] - s[a]) / (b - a))
for v in smooth:
    print("%.9f" % v)
print("%.9f" % max(abs(p - q) for p, q in zip(x, smooth)))
