n, q = map(int, input().split())
boxes = list(map(int, input().split()))
things = list(map(int, input().split()))

for thing in things:
    low = 0
    high = n
    while low < high:
        mid = (low + high) // 2
        if boxes[mid] >= thing:
            high = mid
        else:
            low = mid + 1
    if low == n:
        print("none")
    else:
        print(low + 1)
