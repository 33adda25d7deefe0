import sys
from itertools import accumulate

read = sys.stdin.readline
days, guests = map(int, read().split())
level = [0, *accumulate(map(int, read().split()))]
for _ in range(guests):
    first, last = sorted(map(int, read().split()))
    print(level[last] - level[first - 1])
