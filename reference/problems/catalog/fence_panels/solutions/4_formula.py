# w(n) = (2^(n+1) + (-1)^n) / 3
import sys

for n in map(int, sys.stdin.read().split()):
    print((2 ** (n + 1) + (-1) ** n) // 3 % 1000007)
