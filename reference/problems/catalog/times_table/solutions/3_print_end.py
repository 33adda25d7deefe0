rows, cols = map(int, input().split())
digits = 1
biggest = rows * cols
while biggest >= 10:
    biggest //= 10
    digits += 1

i = 1
while i <= rows:
    j = 1
    while j <= cols:
        number = str(i * j)
        print(" " * (digits - len(number)) + number, end=" ")
        j += 1
    print()
    i += 1
