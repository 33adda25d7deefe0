import random

rng = random.Random(int(input()))
for _ in range(rng.randint(1, 6)):
    line = []
    opened = []
    for _ in range(rng.randint(0, 12)):
        kind = rng.random()
        if kind < 0.4:
            opened.append(rng.choice(["()", "[]", "{}"]))
            line.append(opened[-1][0])
        elif kind < 0.75 and opened:
            line.append(opened.pop()[1])
        elif kind < 0.8:
            line.append(rng.choice(")]}"))
        else:
            line.append(rng.choice("ab c"))
    if rng.random() < 0.7:
        line += [pair[1] for pair in reversed(opened)]
    print("".join(line))
