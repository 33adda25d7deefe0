import random

rng = random.Random(int(input()))
top = rng.choice([6, 12, 40])
coins = rng.sample(range(1, top + 1), rng.randint(1, 4))
amounts = [rng.randint(0, rng.choice([top, 60, 400])) for _ in range(rng.randint(1, 6))]
print(len(coins))
print(*coins)
print(len(amounts))
for amount in amounts:
    print(amount)
