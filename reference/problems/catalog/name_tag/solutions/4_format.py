import sys

name = sys.stdin.readline().rstrip('\n')
w = len(name) + 2
bar = '+{}+'.format(''.join(['-' for _ in range(w)]))
middle = '|{}|'.format(name.center(w))
for row in (bar, middle, bar):
    print(row)
