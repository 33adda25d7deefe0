import random

rng = random.Random(int(input()))
names = ["jam", "olives", "honey", "beans", "figs", "plums", "pickles", "tea"]
jars = []
for _ in range(rng.randint(0, 8)):
    jars.append((rng.choice(names), rng.choice([1, 2, 9, 10, 12]), rng.randint(2025, 2027)))
print(f"pantry_order({jars!r})")
