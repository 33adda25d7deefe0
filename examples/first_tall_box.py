# wpc: problem=shelf_lower_bound
import sys

input = sys.stdin.readline


def search(a, x):
    # invariant: everything left of lo is too low
    lo, hi = 0, len(a) - 1
    while lo < hi:
        m = (lo + hi) // 2
        if a[m] < x:
            lo = m + 1
        else:
            hi = m
    return lo


n, q = map(int, input().split())
boxes = list(map(int, input().split()))
for thing in map(int, input().split()):
    pos = search(boxes, thing)
    print("none" if pos == n else pos + 1)
