n = int(input())
a = list(map(int, input().split()))

first = second = None
for x in a:
    if first is None or x > first:
        second = first
        first = x
    elif x != first and (second is None or x > second):
        second = x

if second is None:
    print('none')
else:
    print(second)
