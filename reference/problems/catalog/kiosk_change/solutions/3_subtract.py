import sys

coins = {500: 0, 100: 0, 50: 0, 10: 0, 1: 0}
for line in sys.stdin:
    price, paid = line.split()
    price = int(price)
    paid = int(paid)
    if price == 0:
        break
    if price > paid:
        print("short " + str(price - paid))
        continue
    if price == paid:
        print("exact")
        continue
    back = paid - price
    for c in coins:
        coins[c] = 0
        while back >= c:
            back -= c
            coins[c] += 1
    out = ""
    for c in coins:
        if coins[c] != 0:
            out += str(c) + "x" + str(coins[c]) + " "
    print(out.strip())
