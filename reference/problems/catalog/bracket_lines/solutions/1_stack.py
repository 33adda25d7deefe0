import sys

pairs = {")": "(", "]": "[", "}": "{"}

for line in sys.stdin:
    stack = []
    result = "good"
    for i, c in enumerate(line):
        if c in "([{":
            stack.append(c)
        elif c in pairs:
            if not stack or stack.pop() != pairs[c]:
                result = f"bad {i + 1}"
                break
    else:
        if stack:
            result = "bad end"
    print(result)
