import random

rng = random.Random(int(input()))
n = rng.randint(1, 10)
names = set()
while len(names) < n:
    names.add("".join(rng.choice("abcxyz") for _ in range(rng.randint(1, 5))))
names = sorted(names)
rng.shuffle(names)
print(n)
for name in names:
    penalty = rng.choice([0, 9, 10, 100, 120, rng.randint(0, 10000)])
    print(name, rng.randint(0, rng.choice([2, 12])), penalty)
