# wpc: problem=exact_weights
N, S = map(int, input().split())
weights = list(map(int, input().split()))

def ways(k, missing):
    # k weights are decided, `missing` is still to be put on the scale
    if missing == 0:
        return 1
    if k == N:
        return 0
    take = ways(k + 1, missing - weights[k])
    leave = ways(k + 1, missing)
    return take + leave

print(ways(0, S))
