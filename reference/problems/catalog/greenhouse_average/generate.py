import random
from fractions import Fraction

rng = random.Random(int(input()))
low = rng.randint(-60, 55)
high = min(60, low + rng.choice([1, 5, 40]))
while True:
    hundredths = [rng.randint(low * 100, high * 100) for _ in range(rng.randint(2, 12))]
    if Fraction(sum(hundredths), len(hundredths)) not in hundredths:
        break
for value in hundredths:
    print(value / 100)
print("end")
