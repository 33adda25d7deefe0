import random

rng = random.Random(int(input()))
n = rng.randint(0, 10)
end = rng.choice([12, 40, 1000])
print(n)
for _ in range(n):
    s = rng.randint(0, end - 1)
    print(s, rng.randint(s + 1, min(end, s + end // 3 + 1)))
