import sys
from collections import Counter


def main():
    rows = sys.stdin.read().split()[2:]
    parent = {}

    def root(p):
        while parent[p] != p:
            p = parent[p]
        return p

    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if cell != "~":
                continue
            parent[i, j] = (i, j)
            for q in ((i - 1, j), (i, j - 1)):
                if q in parent:
                    parent[root(q)] = root((i, j))
    ponds = Counter(root(p) for p in parent)
    print(len(ponds))
    print(*[size for _, size in ponds.most_common()] or ["dry"])


main()
