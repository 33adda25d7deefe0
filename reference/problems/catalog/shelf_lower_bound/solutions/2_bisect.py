from bisect import bisect_left

n, q = [int(x) for x in input().split()]
h = [int(x) for x in input().split()]
for t in input().split():
    i = bisect_left(h, int(t))
    print(i + 1 if i < n else "none")
