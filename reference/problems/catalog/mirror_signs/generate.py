import random

rng = random.Random(int(input()))
for _ in range(rng.randint(1, 6)):
    half = [rng.choice("abcABC12") for _ in range(rng.randint(0, 5))]
    sign = half + half[::-1][rng.randint(0, 1) :]
    if sign and rng.random() < 0.4:
        sign[rng.randrange(len(sign))] = rng.choice("xyz0")
    for _ in range(rng.randint(0, 3)):
        sign.insert(rng.randint(0, len(sign)), rng.choice(" ,.!-'"))
    print("".join(c.upper() if rng.random() < 0.3 else c for c in sign))
