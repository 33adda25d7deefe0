from calendar import isleap

questions = [tuple(map(int, input().split())) for _ in range(int(input()))]
for first, last in questions:
    print(sum(1 for y in range(first, last + 1) if isleap(y)))
