N, B = [int(x) for x in input().split()]
steps = input().split()
w = [0] * (N + 4)
w[0] = 1
for i in range(N):
    if str(i) in steps:
        w[i] = 0
    w[i + 1] += w[i]
    w[i + 2] += w[i]
    w[i + 3] += w[i]
if str(N) in steps:
    print(0)
else:
    print(w[N] % 10007)
