MOD = 10007
n, b = map(int, input().split())
broken = list(map(int, input().split()))

ways = {-2: 0, -1: 0, 0: 0}    # ways to get onto each step; 0 is the ground
for step in range(1, n + 1):
    if step in broken:
        ways[step] = 0
    else:
        ways[step] = (ways[step - 1] + ways[step - 2] + ways[step - 3]) % MOD

print(ways[n])
