from itertools import groupby

t = int(input())
for _ in range(t):
    parts = []
    for colour, run in groupby(input().strip()):
        n = len(list(run))
        parts.append(colour if n == 1 else f"{colour}{n}")
    print("".join(parts))
