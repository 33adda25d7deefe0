r, c = map(int, input().split())
chart = []
for i in range(r):
    chart.append(input().split())

for j in range(c):
    row = []
    for i in range(r):
        row.append(chart[i][j])
    print(" ".join(row))
