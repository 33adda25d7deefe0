N = int(input())
bands = [tuple(map(int, input().split())) for _ in range(N)]
left = bands[:]
count = 0
while left:
    # the one that ends first, and away with all that clash with it
    first = min(left, key=lambda band: band[1])
    count += 1
    left = [band for band in left if band[0] >= first[1]]
print(count)
big = max(bands, key=lambda band: band[1] - band[0])
minutes = set(range(big[0], big[1]))
print(len([1 for x, y in bands if not minutes.isdisjoint(range(x, y))]) - 1)
