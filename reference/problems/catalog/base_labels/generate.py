import random

rng = random.Random(int(input()))
n = rng.randint(1, 8)
print(n)
for _ in range(n):
    number = rng.randint(0, rng.choice([3, 20, 300, 10**6]))
    zeros = "0" * rng.choice([0, 0, 0, 1, 3])
    hexadecimal = f"{number:x}" if rng.random() < 0.5 else f"{number:X}"
    labels = [f"0b{zeros}{number:b}", f"{zeros}{number}", f"0x{zeros}{hexadecimal}"]
    print(rng.choice(labels))
