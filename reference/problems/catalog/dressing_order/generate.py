import random

rng = random.Random(int(input()))
n = rng.randint(2, 9)
order = rng.sample(range(1, n + 1), n)
rules = []
for _ in range(rng.randint(0, 2 * n)):
    i, j = sorted(rng.sample(range(n), 2))
    rules.append((order[i], order[j]))
if rules and rng.random() < 0.25:
    rules.append(rng.choice(rules)[::-1])
if rules and rng.random() < 0.3:
    rules.append(rng.choice(rules))
rng.shuffle(rules)
print(n, len(rules))
for a, b in rules:
    print(a, b)
