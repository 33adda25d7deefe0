import random

rng = random.Random(int(input()))
names = {}
for _ in range(rng.randint(1, 9)):
    letters = [rng.choice("abnNer") for _ in range(rng.randint(2, 4))]
    for _ in range(rng.randint(1, 2)):
        rng.shuffle(letters)
        names["".join(letters).capitalize()] = None
print(len(names))
for name in names:
    print(name)
