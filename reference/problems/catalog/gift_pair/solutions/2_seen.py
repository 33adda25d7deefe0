n, v = map(int, input().split())
seen = {}
answer = (0,)
for number, price in enumerate(map(int, input().split()), 1):
    if v - price in seen:
        answer = (number, seen[v - price])
    seen[price] = number
print(*answer)
