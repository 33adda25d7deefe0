import sys

sys.setrecursionlimit(10000)
R, C = map(int, input().split())
wet = set()
for i in range(R):
    row = input()
    for j in range(C):
        if row[j] == "~":
            wet.add((i, j))


def drain(i, j):
    if (i, j) not in wet:
        return 0
    wet.remove((i, j))
    return 1 + drain(i + 1, j) + drain(i - 1, j) + drain(i, j + 1) + drain(i, j - 1)


ponds = []
while wet:
    a, b = min(wet)
    ponds.append(drain(a, b))
ponds.sort()
ponds.reverse()
print(len(ponds))
print(" ".join(map(str, ponds)) if ponds else "dry")
