import random

rng = random.Random(int(input()))
rows, columns = rng.randint(1, 5), rng.randint(1, 5)
print(rows, columns)
for _ in range(rows):
    print(*[rng.choice(["-", "Ana", "Bo", "Cy", "Dee", "Eli", "Flo", "Gus"]) for _ in range(columns)])
