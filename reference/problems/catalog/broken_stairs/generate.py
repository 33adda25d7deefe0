import random

rng = random.Random(int(input()))
n = rng.randint(1, rng.choice([5, 12, 40, 1000]))
steps = list(range(1, n + 1))
if rng.random() < 0.8:
    steps.pop()  # most of the time the last step is sound
broken = rng.sample(steps, min(len(steps), rng.randint(0, 1 + n // 5)))
print(n, len(broken))
print(*broken)
