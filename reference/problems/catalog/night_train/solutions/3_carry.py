def two(n):
    if n < 10:
        return "0" + str(n)
    return str(n)

while 1:
    s = input()
    if s == "0": break
    t, d = s.split()
    h = int(t[0:2])
    m = int(t[3:5])
    m = m + int(d)
    while m >= 60:
        m -= 60
        h += 1
    days = 0
    while h >= 24:
        h -= 24
        days += 1
    if days == 0:
        print(two(h) + ":" + two(m))
    else:
        print(two(h) + ":" + two(m), "+" + str(days))
