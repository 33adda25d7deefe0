readings = []
while True:
    line = input()
    if line == "end":
        break
    readings.append(float(line))

mean = sum(readings) / len(readings)
above = 0
for r in readings:
    if r > mean:
        above += 1
# rounding keeps "all the same" from looking warmer than itself
if max(readings) == min(readings):
    above = 0
print(mean)
print(max(readings) - min(readings))
print(above)
