N = 10000
pre = [0]*(N+1)
for y in range(1, N+1):
    pre[y] = pre[y-1]
    if (y%4==0 and y%100!=0) or y%400==0:
        pre[y] += 1
Q = int(input())
for i in range(Q):
    A, B = [int(t) for t in input().split()]
    print(pre[B]-pre[A-1])
