import sys
k = int(sys.stdin.readline())
words = []
for line in sys.stdin:
    clean = ''
    for c in line:
        clean += c.lower() if c.isalpha() else ' '
    words += clean.split()
pairs = []
for w in set(words):
    pairs.append((-words.count(w), w))
pairs.sort()
for i in range(min(k, len(pairs))):
    print(pairs[i][1], -pairs[i][0])
