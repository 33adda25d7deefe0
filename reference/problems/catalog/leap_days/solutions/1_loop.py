def is_leap(year):
    if year % 400 == 0:
        return True
    if year % 100 == 0:
        return False
    return year % 4 == 0


for _ in range(int(input())):
    a, b = map(int, input().split())
    count = 0
    for year in range(a, b + 1):
        if is_leap(year):
            count += 1
    print(count)
