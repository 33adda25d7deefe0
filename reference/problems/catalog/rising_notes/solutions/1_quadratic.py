import sys


def longest(a):
    best = [1] * len(a)
    for i in range(len(a)):
        for j in range(i):
            if a[j] < a[i]:
                best[i] = max(best[i], best[j] + 1)
    return max(best)


lines = sys.stdin.read().split("\n")
for i in range(0, len(lines) - 1, 2):
    print(longest(list(map(int, lines[i + 1].split()))))
