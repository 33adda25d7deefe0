temps = []
total = 0.0
hi = None
lo = None
s = input()
while s != 'end':
    t = float(s)
    temps.append(t)
    total += t
    if hi is None or t > hi: hi = t
    if lo is None or t < lo: lo = t
    s = input()
avg = total / len(temps)
print('%.8f' % avg)
print('%.8f' % (hi - lo))
cnt = 0
for t in temps:
    if t - avg > 1e-9:
        cnt = cnt + 1
print(cnt)
