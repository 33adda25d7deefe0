import sys

MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def is_leap(year):
    if year % 400 == 0:
        return True
    if year % 100 == 0:
        return False
    return year % 4 == 0


# number every day from 1900 on
calendar = []
number = {}
for year in range(1900, 2108):
    for month in range(12):
        n = MONTHS[month] + (month == 1 and is_leap(year))
        for day in range(1, n + 1):
            text = "%d-%02d-%02d" % (year, month + 1, day)
            number[text] = len(calendar)
            calendar.append(text)

for line in sys.stdin.read().splitlines()[1:]:
    date, wait = line.split()
    i = number[date] + int(wait)
    print(calendar[i], DAYS[i % 7])
