N, Q = map(int, input().split())
A = list(map(int, input().split()))
B = list(map(int, input().split()))
for b in B:
    for i in range(N):
        if A[i] >= b:
            print(i + 1)
            break
    else:
        print("none")
