# wpc: problem=stacked_plates
def hanoi(n, a, c):
    if n == 0:
        return
    b = ({'A', 'B', 'C'} - {a, c}).pop()  # the third table
    yield from hanoi(n - 1, a, b)
    yield f'plate {n}: {a} -> {c}'
    yield from hanoi(n - 1, b, c)


n, x, y = input().split()
steps = list(hanoi(int(n), x, y))
print(len(steps))
for step in steps:
    print(step)
