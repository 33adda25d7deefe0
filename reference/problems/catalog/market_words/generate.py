import random

rng = random.Random(int(input()))
words = ["ham", "Ham", "egg", "EGG", "tea", "oat", "rye", "fig", "nut", "a"][: rng.randint(2, 10)]
print(rng.randint(1, 6))
for _ in range(rng.randint(1, 4)):
    line = ""
    for _ in range(rng.randint(0, 8)):
        line += rng.choice(words) + rng.choice([" ", " ", ", ", "! ", "-", "'s "])
    print(line.strip())
