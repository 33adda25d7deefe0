import random

rng = random.Random(int(input()))
pool = ["Ana", "Bo", "Cy", "Dot", "Eli", "bo"][: rng.randint(2, 6)]
names = [rng.choice(pool) for _ in range(rng.randint(2, 10))]
print(f"{rng.choice(['guests', 'returned', 'returned'])}({names!r})")
