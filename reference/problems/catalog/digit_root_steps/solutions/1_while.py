s = input().strip()
steps = 0
while len(s) > 1:
    total = 0
    for ch in s:
        total += int(ch)
    s = str(total)
    steps += 1
print(s, steps)
