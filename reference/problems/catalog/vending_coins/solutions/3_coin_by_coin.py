import sys


def fewest(coins, amount):
    dp = [0] + [amount + 1] * amount
    for c in coins:
        for a in range(c, amount + 1):
            dp[a] = min(dp[a], dp[a - c] + 1)
    return -1 if dp[amount] > amount else dp[amount]


def main():
    data = [int(x) for x in sys.stdin.read().split()]
    k = data[0]
    for amount in data[k + 2:]:
        print(fewest(data[1:k + 1], amount))


main()
