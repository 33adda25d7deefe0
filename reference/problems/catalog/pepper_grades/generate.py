import random

rng = random.Random(int(input()))
n = rng.randint(1, 8)
print(n)
for _ in range(n):
    name = "".join(rng.choice("aehilmnoprstu") for _ in range(rng.randint(3, 8)))
    near = rng.choice([100, 2500, 30000])
    heat = rng.choice([near - 1, near, near + 1, rng.randint(0, near * 10)])
    print(name, heat)
