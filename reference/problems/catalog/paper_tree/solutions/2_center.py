H, T = map(int, input().split())
c = input().strip()
width = 2*H - 1
rows = [c * n for n in range(1, width+1, 2)] + ['|'] * T
for row in rows:
    print(row.center(width))
