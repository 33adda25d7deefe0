from collections import deque

N, T = map(int, input().split())
window = deque()
used = 0
answer = (0, 0)
for number, seconds in enumerate(map(int, input().split()), start=1):
    window.append(seconds)
    used += seconds
    while used > T:
        used -= window.popleft()
    if len(window) > answer[0]:
        answer = (len(window), number - len(window) + 1)
print(*answer)
