import sys

data = list(map(int, sys.stdin.read().split()))
n, data = data[0], data[1:]
pairs = list(zip(data[::2], data[1::2]))

best = [0] * 10001  # best[t]: most requests that are over by minute t
ending = {}
for s, e in pairs:
    ending.setdefault(e, []).append(s)
for t in range(1, 10001):
    best[t] = best[t - 1]
    for s in ending.get(t, []):
        best[t] = max(best[t], best[s] + 1)
print(best[10000])

lengths = [e - s for s, e in pairs]
i = lengths.index(max(lengths))
a, b = pairs[i]
print(sum(1 for j in range(n) if j != i and min(b, pairs[j][1]) - max(a, pairs[j][0]) > 0))
