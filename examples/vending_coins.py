# bottom-up, all amounts at once (nothing wrong here)
K = int(input())
coins = sorted(map(int, input().split()))
MAX = 3000
need = [None] * (MAX + 1)
need[0] = 0
for total in range(MAX + 1):
    if need[total] is None:
        continue
    for c in coins:
        if total + c > MAX:
            break
        if need[total + c] is None or need[total + c] > need[total] + 1:
            need[total + c] = need[total] + 1

Q = int(input())
for _ in range(Q):
    answer = need[int(input())]
    print(-1 if answer is None else answer)
