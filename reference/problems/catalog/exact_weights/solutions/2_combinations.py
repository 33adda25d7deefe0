from itertools import combinations

n, s = map(int, input().split())
a = list(map(int, input().split()))
answer = 0
for size in range(n + 1):
    for chosen in combinations(a, size):
        if sum(chosen) == s:
            answer += 1
print(answer)
