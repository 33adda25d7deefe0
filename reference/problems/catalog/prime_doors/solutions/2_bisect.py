import sys
from bisect import bisect_left, bisect_right

N = 100001
sieve = bytearray([1]) * N
sieve[0:2] = b"\0\0"
for p in range(2, 317):
    if sieve[p]:
        sieve[p * p::p] = bytes(len(range(p * p, N, p)))
primes = [i for i, s in enumerate(sieve) if s]
for line in sys.stdin:
    a, b = map(int, line.split())
    if (a, b) == (0, 0):
        break
    i = bisect_left(primes, a)
    j = bisect_right(primes, b)
    print(j - i, primes[j - 1] if j > i else "-")
