def is_leap(y):
    return y % 400 == 0 or (y % 4 == 0 and y % 100 != 0)


for _ in range(int(input())):
    a, b = map(int, input().split())
    party = {"🎂": [y for y in range(a, b) if is_leap(y)]}  # 진짜 생일이 있는 해만
    print(len(party["🎂"]))
