def move(n, source, target, spare):
    if n == 0:
        return
    move(n - 1, source, spare, target)
    print(f"plate {n}: {source} -> {target}")
    move(n - 1, spare, target, source)


n, x, y = input().split()
n = int(n)
print(2 ** n - 1)
for z in "ABC":
    if z != x and z != y:
        move(n, x, y, z)
