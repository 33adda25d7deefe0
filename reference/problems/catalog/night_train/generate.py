import random

rng = random.Random(int(input()))
for _ in range(rng.randint(1, 5)):
    h, m = rng.randint(0, 23), rng.randint(0, 59)
    minutes = rng.choice([rng.randint(1, 200), rng.randint(1, 10000), 1440 - h * 60 - m])
    print(f"{h:02}:{m:02} {minutes}")
print(0)
