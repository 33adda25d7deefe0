def leap(y):
    return y % 4 == 0 and y % 100 != 0 or y % 400 == 0


def length(y, m):
    if m == 2:
        return 29 if leap(y) else 28
    if m in (4, 6, 9, 11):
        return 30
    return 31


names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
for _ in range(int(input())):
    start, days = input().split()
    y, m, d = map(int, start.split("-"))

    # the day of the week of the sowing
    passed = d - 1
    for year in range(1900, y):
        passed += 366 if leap(year) else 365
    for month in range(1, m):
        passed += length(y, month)

    passed += int(days)
    for _ in range(int(days)):
        d += 1
        if d > length(y, m):
            d = 1
            m += 1
            if m > 12:
                m = 1
                y += 1
    print(f"{y}-{m:02d}-{d:02d} {names[passed % 7]}")
