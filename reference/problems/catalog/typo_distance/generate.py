import random

rng = random.Random(int(input()))
t = rng.randint(1, 5)
print(t)
for _ in range(t):
    word = [rng.choice("abe") for _ in range(rng.randint(0, 8))]
    typed = list(word)
    for _ in range(rng.randint(0, 4)):
        i = rng.randint(0, len(typed))
        if rng.random() < 0.5:
            typed.insert(i, rng.choice("abe"))
        else:
            typed[i:i + 1] = rng.choice([[], ["b"]])
    print("".join(typed))
    print("".join(word))
