def count(n):
    a, b = 1, 1
    for _ in range(n):
        a, b = b, (b + a * 2) % 1000007
    return a


while True:
    try:
        n = int(input())
    except EOFError:
        break
    print(count(n))
