R, C = map(int, input().split())
for column in zip(*[input().split() for _ in range(R)]):
    print(*column)
