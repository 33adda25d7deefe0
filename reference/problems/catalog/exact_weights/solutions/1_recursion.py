def count(i, rest):
    if i == n:
        if rest == 0:
            return 1
        return 0
    return count(i + 1, rest) + count(i + 1, rest - weights[i])


n, s = map(int, input().split())
weights = list(map(int, input().split()))
print(count(0, s))
