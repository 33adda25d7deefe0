from collections import deque

n, m = map(int, input().split())
after = [[] for _ in range(n + 1)]
before = [0] * (n + 1)
for _ in range(m):
    a, b = map(int, input().split())
    after[a].append(b)
    before[b] += 1

ready = deque(i for i in range(1, n + 1) if before[i] == 0)
order = []
while ready:
    piece = ready.popleft()
    order.append(piece)
    for other in after[piece]:
        before[other] -= 1
        if before[other] == 0:
            ready.append(other)

if len(order) == n:
    print(*order)
else:
    print("impossible")
