# watch the bank minute by minute
from collections import deque

N, C = map(int, input().split())
customers = deque()
for i in range(N):
    a, d = map(int, input().split())
    customers.append((a, d))

left = [0] * C  # minutes that each counter still needs
line = deque()
order = []
worst = 0
t = 0
while customers or line or any(left):
    while customers and customers[0][0] == t:
        line.append(customers.popleft())
    for k in range(C):
        if left[k] == 0 and line:
            a, d = line.popleft()
            left[k] = d
            order.append(str(k + 1))
            worst = max(worst, t - a)
    for k in range(C):
        if left[k] > 0:
            left[k] -= 1
    t += 1
print(" ".join(order))
print(worst, t)
