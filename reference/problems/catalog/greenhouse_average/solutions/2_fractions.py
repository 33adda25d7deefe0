import sys
from fractions import Fraction

values = [Fraction(w) for w in sys.stdin.read().split() if w != "end"]
mean = sum(values) / len(values)
print(float(mean))
print(float(max(values) - min(values)))
print(sum(v > mean for v in values))
