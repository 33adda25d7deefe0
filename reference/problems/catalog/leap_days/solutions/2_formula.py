def upto(y):
    # leap years from 1 to y
    return y // 4 - y // 100 + y // 400

q = int(input())
while q > 0:
    a, b = input().split()
    print(upto(int(b)) - upto(int(a) - 1))
    q -= 1
