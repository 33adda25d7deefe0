import sys

numbers = iter(map(int, sys.stdin.read().split()))
for n in numbers:
    ending = {}  # pitch -> longest rising choice that ends with it
    for _ in range(n):
        p = next(numbers)
        ending[p] = 1 + max((length for q, length in ending.items() if q < p), default=0)
    print(max(ending.values()))
