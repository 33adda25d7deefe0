N, S, T = input().split()
todo = [(int(N), S, T)]
lines = []
while todo:
    n, x, y = todo.pop()
    if n == 0:
        continue
    if n < 0:
        lines.append('plate %d: %s -> %s' % (-n, x, y))
        continue
    z = ({'A', 'B', 'C'} - {x, y}).pop()
    todo.append((n - 1, z, y))
    todo.append((-n, x, y))
    todo.append((n - 1, x, z))
print(len(lines))
if lines:
    print('\n'.join(lines))
