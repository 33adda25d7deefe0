n, k = map(int, input().split())
old = input().split()
new = [""] * n
for i in range(n):
    new[(i + k) % n] = old[i]
print(" ".join(new))
