import random

rng = random.Random(int(input()))
n = rng.randint(1, 5)
print(n)
for _ in range(n):
    characters = rng.choice(["abAB12!", "abcdefABCDEF123456", "aB1 "])
    length = rng.choice([7, 8, 12, 16, 17, rng.randint(1, 20)])
    print("".join(rng.choice(characters) for _ in range(length)))
