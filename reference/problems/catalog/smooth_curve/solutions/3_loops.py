N, K = [int(t) for t in input().split()]
A = [float(t) for t in input().split()]
diff = 0.0
for i in range(N):
    total = 0.0
    count = 0
    for j in range(i - K, i + K + 1):
        if 0 <= j and j < N:
            total += A[j]
            count += 1
    m = total / count
    print(f'{m:.8f}')
    if abs(A[i] - m) > diff:
        diff = abs(A[i] - m)
print(f'{diff:.8f}')
