n, k = map(int, input().split())
animals = input().split()
k %= n
print(*(animals[n - k:] + animals[:n - k]))
