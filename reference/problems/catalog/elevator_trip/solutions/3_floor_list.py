import sys

FLOORS = [-3, -2, -1] + list(range(1, 51))
lines = sys.stdin.read().splitlines()
t = int(lines[0])
for line in lines[1:t + 1]:
    stops = [FLOORS.index(1)] + [FLOORS.index(int(x)) for x in line.split()[1:]]
    moves = [b - a for a, b in zip(stops, stops[1:])]
    ups = sum(m for m in moves if m > 0)
    downs = -sum(m for m in moves if m < 0)
    print(ups * 6 + downs * 4 + 5 * len(moves), ups + downs)
