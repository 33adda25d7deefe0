n, s = [int(x) for x in input().split()]
w = [int(x) for x in input().split()]
total = [0] * (1 << n)
for mask in range(1, 1 << n):
    low = mask & -mask
    total[mask] = total[mask ^ low] + w[low.bit_length() - 1]
print(total.count(s))
