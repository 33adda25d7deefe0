import sys

lines = sys.stdin.read().split()
lantern = int(lines[2])
rock = {}
for y, row in enumerate(lines[3:]):
    for x, cell in enumerate(row):
        rock[x, y] = cell
wave = {p for p in rock if rock[p] == "S"}
goal = [p for p in rock if rock[p] == "E"][0]
seen = set(wave)
steps = 0
while wave and goal not in seen:
    steps += 1
    neighbours = set()
    for x, y in wave:
        neighbours |= {(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)}
    wave = {p for p in neighbours if rock.get(p, "#") != "#"} - seen
    seen |= wave
if goal not in seen:
    print("trapped")
elif steps <= lantern:
    print(steps, "light")
else:
    print(steps, "dark")
