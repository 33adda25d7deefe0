# mark every minute, then read the marks off
N = int(input())
on = [False] * 100002
for i in range(N):
    a, b = map(int, input().split())
    for m in range(a, b):
        on[m] = True
start = None
for m in range(100002):
    if on[m] and start is None:
        start = m
    if not on[m] and start is not None:
        print(start, m)
        start = None
print(sum(on))
