import random

rng = random.Random(int(input()))
n = rng.randint(1, 12)
q = rng.randint(1, 12)
top = rng.choice([3, 15, 100, 10**9])
boxes = sorted(rng.randint(1, top) for _ in range(n))
things = [rng.choice(boxes) + rng.choice([-1, 0, 0, 1]) for _ in range(q)]
print(n, q)
print(*boxes)
print(*[min(max(t, 1), 10**9) for t in things])
