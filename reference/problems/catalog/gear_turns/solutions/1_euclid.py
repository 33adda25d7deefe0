def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


T = int(input())
for i in range(1, T + 1):
    line = list(map(int, input().split()))
    gears = line[1:]
    teeth = 1
    for g in gears:
        teeth = teeth * g // gcd(teeth, g)
    print(f"Case {i}: {teeth} {teeth // gears[0]}")
