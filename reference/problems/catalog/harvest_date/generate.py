import random
from datetime import date, timedelta

rng = random.Random(int(input()))
t = rng.randint(1, 6)
print(t)
for _ in range(t):
    year = rng.choice([1900, 2000, 2023, 2024, 2100, rng.randint(1900, 2100)])
    some_day = date(year, 1, 1) + timedelta(rng.randint(0, 364))
    start = rng.choice([date(year, 2, 28), date(year, 12, 31), some_day])
    print(start, rng.choice([0, 1, 2, 31, 365, 366, rng.randint(0, 2000)]))
