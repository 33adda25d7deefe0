import random

rng = random.Random(int(input()))
top = rng.choice([2, 6, 20])
values = sorted(rng.randint(-top, top) for _ in range(rng.randint(0, 12)))
low = rng.randint(-top - 1, top + 1)
print(f"count_between({values}, {low}, {low + rng.randint(-1, top)})")
