import random

rng = random.Random(int(input()))
n = rng.randint(1, 10)
end = rng.choice([8, 20, 100])
print(n)
for _ in range(n):
    s = rng.randint(0, end - 1)
    print(s, rng.randint(s + 1, min(end, s + rng.choice([2, 5, end]))))
