import random

rng = random.Random(int(input()))
cases = rng.randint(1, 5)
print(cases)
for _ in range(cases):
    top = rng.choice([2, 5, 50])
    calls = [rng.choice([f for f in range(-3, top + 1) if f != 0]) for _ in range(rng.randint(0, 7))]
    print(len(calls), *calls)
