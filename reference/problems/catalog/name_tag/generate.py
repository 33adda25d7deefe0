import random

rng = random.Random(int(input()))
letters = "abcdefghijklmnopqrstuvwxyz"
words = []
for _ in range(rng.randint(1, 4)):
    word = "".join(rng.choice(letters) for _ in range(rng.randint(1, 9)))
    words.append(word.capitalize() if rng.random() < 0.8 else word)
print(rng.choice([" ", " ", "-"]).join(words))
