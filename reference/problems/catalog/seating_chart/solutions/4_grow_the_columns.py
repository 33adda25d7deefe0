n_rows, n_cols = [int(v) for v in input().split()]
turned = [[] for _ in range(n_cols)]
while n_rows > 0:
    n_rows -= 1
    for where, name in zip(turned, input().split()):
        where.append(name)
print("\n".join(" ".join(line) for line in turned))
