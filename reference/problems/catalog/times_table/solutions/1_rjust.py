r, c = map(int, input().split())
width = len(str(r * c))
for i in range(1, r + 1):
    row = []
    for j in range(1, c + 1):
        row.append(str(i * j).rjust(width))
    print(" ".join(row))
