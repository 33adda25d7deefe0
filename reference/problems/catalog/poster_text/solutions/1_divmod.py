import sys

width = int(input())
words = sys.stdin.read().split()

lines = [[]]
for word in words:
    line = lines[-1]
    if line and sum(map(len, line)) + len(line) + len(word) > width:
        lines.append([word])
    else:
        line.append(word)

for line in lines[:-1]:
    gaps = len(line) - 1
    if gaps == 0:
        print(line[0])
        continue
    each, more = divmod(width - sum(map(len, line)), gaps)
    text = line[0]
    for i in range(gaps):
        text += " " * (each + (i < more)) + line[i + 1]
    print(text)
print(" ".join(lines[-1]))
