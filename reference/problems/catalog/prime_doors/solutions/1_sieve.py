LIMIT = 100000
prime = [True] * (LIMIT + 1)
prime[0] = prime[1] = False
for i in range(2, int(LIMIT ** 0.5) + 1):
    if prime[i]:
        for j in range(i * i, LIMIT + 1, i):
            prime[j] = False

count = [0] * (LIMIT + 1)
last = [0] * (LIMIT + 1)
for i in range(1, LIMIT + 1):
    count[i] = count[i - 1] + prime[i]
    last[i] = i if prime[i] else last[i - 1]

while True:
    a, b = map(int, input().split())
    if a == 0 and b == 0:
        break
    n = count[b] - count[a - 1]
    print(n, last[b] if n else "-")
