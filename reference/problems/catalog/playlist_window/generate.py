import random

rng = random.Random(int(input()))
n = rng.randint(1, 14)
longest = rng.choice([3, 10, 300])
songs = [rng.randint(1, longest) for _ in range(n)]
total = sum(songs)
print(n, max(1, rng.choice([total, total // 2, total // 2, total // 4, longest, min(songs) - 1])))
print(*songs)
