import random

rng = random.Random(int(input()))


def word():
    return "".join(rng.choice("aeiouAEIObcdfgyYz") for _ in range(rng.randint(1, 7)))


if rng.random() < 0.4:
    text = " ".join(word() for _ in range(rng.randint(1, 5)))
    print(f"count_flowers({text!r})")
else:
    print(f"most_flowers({[word() for _ in range(rng.randint(1, 6))]!r})")
