import random

rng = random.Random(int(input()))
n = rng.randint(2, 10)
top = rng.choice([4, 20, 1000, 10**6])
prices = [rng.randint(1, top) for _ in range(n)]
first, second = rng.sample(range(n), 2)
voucher = rng.choice([prices[first] + prices[second], 2 * prices[first], rng.randint(1, top)])
print(n, min(voucher, 10**6))
print(*prices)
