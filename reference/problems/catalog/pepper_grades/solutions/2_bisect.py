from bisect import bisect_right

LIMITS = [100, 2500, 30000]
BANDS = ["mild", "warm", "hot", "fiery"]

count = 0
for _ in range(int(input())):
    name, heat = input().split()
    band = bisect_right(LIMITS, int(heat))
    count += band >= 2
    print(f"{name}: {BANDS[band]}")
print(count)
