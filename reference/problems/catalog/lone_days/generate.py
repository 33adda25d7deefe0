import random

rng = random.Random(int(input()))
days = ["mon", "tue", "wed", "thu", "fri", "Mon", "WED"]
names = ["ana", "ben", "chi", "dov"][:rng.randint(0, 4)]
choices = {name: [rng.choice(days) for _ in range(rng.randint(0, 5))] for name in names}
print(f"lone_days({choices!r})")
