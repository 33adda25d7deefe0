def change(rest):
    for coin in 500, 100, 50, 10, 1:
        n, rest = divmod(rest, coin)
        if n:
            yield '%dx%d' % (coin, n)

def answer(price, paid):
    if paid < price: return f'short {price-paid}'
    return ' '.join(change(paid-price)) or 'exact'

for line in iter(input, '0 0'):
    print(answer(*map(int, line.split())))
