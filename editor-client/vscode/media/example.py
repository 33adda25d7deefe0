# A wrong program
# wpc: problem=broken_stairs

steps, count = map(int, input().split())
broken = set(map(int, input().split()))

# WPC underlines the wrong part; press Ctrl+. there (⌘. on a Mac).
ways = [1] + [0] * steps
for step in range(1, steps):
    if step in broken:
        continue
    for stride in (1, 2, 3):
        if step >= stride:
            ways[step] += ways[step - stride]

print(ways[steps] % 10007)
