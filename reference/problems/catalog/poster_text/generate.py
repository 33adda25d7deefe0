import random

rng = random.Random(int(input()))
width = rng.randint(1, 24)
print(width)
for _ in range(rng.randint(1, 5)):
    lengths = [rng.randint(1, min(width, 8)) for _ in range(rng.randint(1, 8))]
    words = ["".join(rng.choice("aeiou") for _ in range(length)) for length in lengths]
    print(rng.choice([" ", "  "]).join(words))
