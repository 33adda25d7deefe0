import sys

MOD = 1000007
ways = [1, 1]
for n in range(2, 5001):
    ways.append((ways[n - 1] + 2 * ways[n - 2]) % MOD)

for line in sys.stdin:
    if line.strip():
        print(ways[int(line)])
