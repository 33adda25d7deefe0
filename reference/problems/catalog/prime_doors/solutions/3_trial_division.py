from functools import lru_cache


@lru_cache(maxsize=None)
def is_prime(n):
    if n < 2:
        return False
    if n % 2 == 0:
        return n == 2
    d = 3
    while d * d <= n:
        if n % d == 0:
            return False
        d += 2
    return True


a, b = map(int, input().split())
while a != 0:
    doors = [n for n in range(a, b + 1) if is_prime(n)]
    if doors:
        print(len(doors), doors[-1])
    else:
        print(0, "-")
    a, b = map(int, input().split())
