import sys

lines = sys.stdin.read().split("\n")
t = int(lines[0])
for i in range(t):
    a, b = lines[2 * i + 1], lines[2 * i + 2]
    row = list(range(len(b) + 1))
    for x, ca in enumerate(a, 1):
        new = [x]
        for y, cb in enumerate(b, 1):
            new.append(min(row[y] + 1, new[-1] + 1, row[y - 1] + (ca != cb)))
        row = new
    print(row[-1], "close" if row[-1] <= 2 and a[:1] == b[:1] != "" else "far")
