n = int(input())
scores = sorted(set(map(int, input().split())))
if len(scores) < 2:
    print("none")
else:
    print(scores[-2])
