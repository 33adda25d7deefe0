n = int(input())
hot = 0
for i in range(n):
    name, heat = input().split()
    heat = int(heat)
    if heat < 100:
        band = "mild"
    elif heat < 2500:
        band = "warm"
    elif heat < 30000:
        band = "hot"
        hot += 1
    else:
        band = "fiery"
        hot += 1
    print(name + ": " + band)
print(hot)
