import sys

words = sys.stdin.read().split()
rows, cols = int(words[0]), int(words[1])
seats = words[2:]
for k in range(cols):
    print(' '.join(seats[k::cols]))
