import random

rng = random.Random(int(input()))
print(rng.choice([rng.randint(-26, 26), rng.randint(-1000, 1000)]))
alphabet = "abcxyzmnABCXYZ019 ,.!'"
text = "".join(rng.choice(alphabet) for _ in range(rng.randint(1, 25))).strip()
print(text or "end")
