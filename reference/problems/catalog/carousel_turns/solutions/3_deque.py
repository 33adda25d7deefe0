from collections import deque

N, K = [int(x) for x in input().split()]
d = deque(input().split())
d.rotate(K % N)
print(*d)
