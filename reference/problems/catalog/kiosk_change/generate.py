import random

rng = random.Random(int(input()))
for _ in range(rng.randint(1, 5)):
    paid = rng.choice([50, 100, 500, 1000, 5000, rng.randint(1, 2000)])
    price = rng.choice([rng.randint(1, paid), rng.randint(1, paid), paid, paid + rng.randint(1, 90)])
    print(price, paid)
print(0, 0)
