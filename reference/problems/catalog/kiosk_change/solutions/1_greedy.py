COINS = [500, 100, 50, 10, 1]

while True:
    price, paid = map(int, input().split())
    if price == 0 and paid == 0:
        break
    if paid < price:
        print("short", price - paid)
    elif paid == price:
        print("exact")
    else:
        rest = paid - price
        parts = []
        for coin in COINS:
            number = rest // coin
            rest %= coin
            if number > 0:
                parts.append(f"{coin}x{number}")
        print(" ".join(parts))
