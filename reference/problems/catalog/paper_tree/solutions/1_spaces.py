h, t = map(int, input().split())
leaf = input()
for i in range(h):
    print(" " * (h - 1 - i) + leaf * (2 * i + 1))
for i in range(t):
    print(" " * (h - 1) + "|")
