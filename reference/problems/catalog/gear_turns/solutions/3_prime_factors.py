# the highest power of every prime
t = int(input())
for case in range(t):
    numbers = [int(x) for x in input().split()][1:]
    powers = {}
    for n in numbers:
        p = 2
        while n > 1:
            e = 0
            while n % p == 0:
                n //= p
                e += 1
            if e > powers.get(p, 0):
                powers[p] = e
            p += 1
    result = 1
    for p, e in powers.items():
        result *= p ** e
    print("Case", str(case + 1) + ":", result, result // numbers[0])
