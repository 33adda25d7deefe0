# points -> least weight
import sys

data = list(map(int, sys.stdin.read().split()))
limit = data[1]
lightest = {0: 0}
for i in range(2, len(data), 2):
    weight, points = data[i], data[i + 1]
    for p, w in list(lightest.items()):
        new = w + weight
        if new <= limit and new < lightest.get(p + points, limit + 1):
            lightest[p + points] = new
top = max(lightest)
print(top, lightest[top])
