k = int(input())
coins = list(map(int, input().split()))
INF = 10 ** 9
best = [INF] * 3001
best[0] = 0
for amount in range(1, 3001):
    for coin in coins:
        if coin <= amount and best[amount - coin] + 1 < best[amount]:
            best[amount] = best[amount - coin] + 1
for _ in range(int(input())):
    amount = int(input())
    print(best[amount] if best[amount] < INF else -1)
