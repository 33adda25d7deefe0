import sys


def calculate(parts):
    stack = []
    for part in parts:
        if part not in ("+", "-", "*", "/"):
            stack.append(int(part))
            continue
        if len(stack) < 2:
            return "syntax error"
        b = stack.pop()
        a = stack.pop()
        if part == "+":
            stack.append(a + b)
        elif part == "-":
            stack.append(a - b)
        elif part == "*":
            stack.append(a * b)
        else:
            if b == 0:
                return "division by zero"
            q = abs(a) // abs(b)
            if (a < 0) != (b < 0):
                q = -q
            stack.append(q)
    if len(stack) != 1:
        return "syntax error"
    return stack[0]


for line in sys.stdin:
    print(calculate(line.split()))
