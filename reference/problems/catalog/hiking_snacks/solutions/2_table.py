N, W = map(int, input().split())
snacks = []
for i in range(N):
    snacks.append(tuple(map(int, input().split())))
dp = [[0] * (W + 1) for _ in range(N + 1)]
for i in range(1, N + 1):
    g, p = snacks[i - 1]
    for j in range(W + 1):
        dp[i][j] = dp[i - 1][j]
        if j >= g and dp[i - 1][j - g] + p > dp[i][j]:
            dp[i][j] = dp[i - 1][j - g] + p
weight = W
while weight > 0 and dp[N][weight - 1] == dp[N][W]:
    weight -= 1
print(dp[N][W], weight)
