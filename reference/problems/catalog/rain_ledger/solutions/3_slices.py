# N and Q are small enough to add the slice each time
N, Q = [int(w) for w in input().split()]
change = [int(w) for w in input().split()]
for k in range(Q):
    A, B = [int(w) for w in input().split()]
    start = min(A, B) - 1
    end = max(A, B)
    print(sum(change[start:end]))
