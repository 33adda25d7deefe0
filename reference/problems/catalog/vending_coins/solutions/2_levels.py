# all amounts that can be paid with 1 coin, with 2 coins, ...
input()
coins = set(map(int, input().split()))
number = {0: 0}
level = {0}
n = 0
while level:
    n += 1
    level = {a + c for a in level for c in coins if a + c <= 3000} - set(number)
    for a in level:
        number[a] = n
for i in range(int(input())):
    print(number.get(int(input()), -1))
