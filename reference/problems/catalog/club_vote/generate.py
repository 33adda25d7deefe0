import random

rng = random.Random(int(input()))
n = rng.randint(1, rng.choice([3, 8, 20]))
names = rng.sample(["ada", "bo", "cy", "dora", "eli"], rng.randint(1, 4))
weights = [rng.choice([1, 1, 2, 4]) for _ in names]
print(n)
for _ in range(n):
    print("-" if rng.random() < 0.1 else rng.choices(names, weights)[0])
