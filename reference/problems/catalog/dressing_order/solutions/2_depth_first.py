import sys

sys.setrecursionlimit(5000)


def visit(piece):
    if state[piece] == 2:
        return True
    if state[piece] == 1:
        return False
    state[piece] = 1
    for other in needs[piece]:
        if not visit(other):
            return False
    state[piece] = 2
    order.append(piece)
    return True


N, M = map(int, input().split())
needs = {i: set() for i in range(1, N + 1)}
for _ in range(M):
    A, B = map(int, input().split())
    needs[B].add(A)
state = [0] * (N + 1)
order = []
if all(visit(p) for p in range(1, N + 1)):
    print(" ".join(map(str, order)))
else:
    print("impossible")
