import sys

data = sys.stdin.read().split()
pos = 0
while pos < len(data):
    n = int(data[pos])
    a = [int(x) for x in data[pos + 1:pos + 1 + n]]
    pos += n + 1
    # dp[i] = length of the longest rising melody whose last note is a[i]
    dp = [0] * n
    for i in range(n):
        for j in range(i):
            if a[j] < a[i] and dp[j] + 1 > dp[i]:
                dp[i] = dp[j] + 1
    print(max(dp))
