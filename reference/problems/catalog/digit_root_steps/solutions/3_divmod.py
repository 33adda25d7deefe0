def digit_sum(n):
    r = 0
    while n > 0:
        n, d = divmod(n, 10)
        r += d
    return r

n = int(input())
count = 0
while n >= 10:
    n = digit_sum(n)
    count = count + 1
print(n, count)
