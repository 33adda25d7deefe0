import sys

for row in sys.stdin.read().splitlines():
    s = []
    error = ''
    for t in row.split():
        if t in '+-*/':
            if len(s) < 2:
                error = 'syntax error'
                break
            a, b = s[-2:]
            if t == '+':
                r = a + b
            if t == '-':
                r = a - b
            if t == '*':
                r = a * b
            if t == '/':
                if b == 0:
                    error = 'division by zero'
                    break
                r = a // b
                if r < 0 and r * b != a:
                    r += 1  # // rounds down
            s[-2:] = [r]
        else:
            s.append(int(t))
    if not error and len(s) > 1:
        error = 'syntax error'
    print(error or s[0])
