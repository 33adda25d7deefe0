# 고추 매운맛 등급 나누기
def band(heat):
    if heat < 100:
        return "mild"
    if heat <= 2500:
        return "warm"
    if heat < 30000:
        return "hot"
    return "fiery"


n = int(input())
answer = []
count = 0
for _ in range(n):
    name, heat = input().split()
    b = band(int(heat))
    answer.append(name + ": " + b)
    if b in ("hot", "fiery"):
        count += 1
print("\n".join(answer))
print(count)
