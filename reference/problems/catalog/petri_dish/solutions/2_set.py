import sys
from collections import Counter


def main():
    first, *rows = sys.stdin.read().split("\n")
    R, C, H = map(int, first.split())
    live = {(i, j) for i in range(R) for j in range(C) if rows[i][j] == "*"}
    for _ in range(H):
        near = Counter(
            (i + di, j + dj)
            for i, j in live
            for di in (-1, 0, 1)
            for dj in (-1, 0, 1)
            if di or dj
        )
        live = {
            (i, j)
            for (i, j), n in near.items()
            if 0 <= i < R and 0 <= j < C and (n == 3 or n == 2 and (i, j) in live)
        }
    for i in range(R):
        print("".join("*" if (i, j) in live else "." for j in range(C)))
    print(len(live))


main()
