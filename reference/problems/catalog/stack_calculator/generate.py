import random

rng = random.Random(int(input()))


def expression(depth):
    if depth == 0 or rng.random() < 0.2:
        return [str(rng.randint(-12, 12))]
    return expression(depth - 1) + expression(depth - 1) + [rng.choice("+-*/")]


for _ in range(rng.randint(1, 5)):
    parts = expression(rng.randint(0, 3))
    if rng.random() < 0.15:
        del parts[rng.randrange(len(parts))]
    print(*parts or ["0"])
