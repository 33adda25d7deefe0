import sys
from functools import lru_cache

sys.setrecursionlimit(20000)


@lru_cache(maxsize=None)
def fences(metres):
    if metres < 0:
        return 0
    if metres == 0:
        return 1
    return (fences(metres - 1) + 2 * fences(metres - 2)) % 1000007


for m in range(5001):  # from the bottom up, so that no call goes deep
    fences(m)
for word in sys.stdin.read().split():
    print(fences(int(word)))
