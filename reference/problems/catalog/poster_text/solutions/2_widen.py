# add one space at a time, from the left
W = int(input())
words = []
while True:
    try:
        words += input().split()
    except EOFError:
        break


def justify(parts):
    if len(parts) == 1:
        return parts[0]
    parts = parts[:]
    i = 0
    while len(" ".join(parts)) < W:
        parts[i] += " "
        i = (i + 1) % (len(parts) - 1)
    return " ".join(parts)


line = []
for w in words:
    if len(" ".join(line + [w])) <= W:
        line.append(w)
    else:
        print(justify(line))
        line = [w]
print(" ".join(line))
