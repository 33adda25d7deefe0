from collections import Counter

N, S = map(int, input().split())
ways = Counter({0: 1})
for w in map(int, input().split()):
    following = Counter(ways)
    for total, k in ways.items():
        following[total + w] += k
    ways = following
print(ways[S])
