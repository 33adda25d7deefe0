from functools import lru_cache


def solve():
    a = input()
    b = input()

    @lru_cache(None)
    def fix(i, j):
        # corrections for a[i:] and b[j:]
        if i == len(a):
            return len(b) - j
        if j == len(b):
            return len(a) - i
        if a[i] == b[j]:
            return fix(i + 1, j + 1)
        return min(fix(i + 1, j), fix(i, j + 1), fix(i + 1, j + 1)) + 1

    n = fix(0, 0)
    near = n < 3 and a and b and a[0] == b[0]
    print(n, "close" if near else "far")


for case in range(int(input())):
    solve()
