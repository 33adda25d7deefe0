n, k = map(int, input().split())
values = list(map(float, input().split()))
greatest = 0
for i in range(n):
    window = values[max(0, i - k):i + k + 1]
    average = sum(window) / len(window)
    print(average)
    greatest = max(greatest, abs(average - values[i]))
print(greatest)
