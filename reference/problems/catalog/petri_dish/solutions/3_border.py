R, C, H = [int(k) for k in input().split()]
# 1 = alive, with a dead border around the dish
a = [[0] * (C + 2)]
for i in range(R):
    s = input()
    a.append([0] + [1 if ch == '*' else 0 for ch in s] + [0])
a.append([0] * (C + 2))

for hour in range(H):
    b = [[0] * (C + 2) for i in range(R + 2)]
    for i in range(1, R + 1):
        for j in range(1, C + 1):
            n = a[i-1][j-1] + a[i-1][j] + a[i-1][j+1]
            n += a[i][j-1] + a[i][j+1]
            n += a[i+1][j-1] + a[i+1][j] + a[i+1][j+1]
            if a[i][j] == 1:
                if n == 2 or n == 3:
                    b[i][j] = 1
            elif n == 3:
                b[i][j] = 1
    a = b

total = 0
for i in range(1, R + 1):
    line = ''
    for j in range(1, C + 1):
        line += '.*'[a[i][j]]
        total += a[i][j]
    print(line)
print(total)
