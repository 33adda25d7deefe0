n = int(input())
for _ in range(n):
    p = input()
    broken = []
    if len(p) < 8 or len(p) > 16:
        broken.append(1)
    small = capital = digit = False
    for ch in p:
        if ch.islower():
            small = True
        elif ch.isupper():
            capital = True
        elif ch.isdigit():
            digit = True
    if not (small and capital and digit):
        broken.append(2)
    if " " in p:
        broken.append(3)
    for i in range(len(p) - 2):
        if p[i] == p[i + 1] == p[i + 2]:
            broken.append(4)
            break
    if broken:
        print(*broken)
    else:
        print("ok")
