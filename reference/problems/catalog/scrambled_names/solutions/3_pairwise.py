def belong(a, b):
    a = a.upper()
    b = list(b.upper())
    if len(a) != len(b):
        return False
    for c in a:
        if c not in b:
            return False
        b.remove(c)
    return True

n = int(input())
names = [input() for _ in range(n)]
used = [False] * n
any_group = 0
for i in range(n):
    if used[i]:
        continue
    group = [names[i]]
    for j in range(i + 1, n):
        if not used[j] and belong(names[i], names[j]):
            used[j] = True
            group.append(names[j])
    if len(group) > 1:
        any_group += 1
        print(*group)
if any_group == 0: print("none")
