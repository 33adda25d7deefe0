import sys


def main():
    lines = sys.stdin.read().split()
    rows, orders = lines[2:-1], lines[-1]
    look = {"^": -1j, ">": 1, "v": 1j, "<": -1}
    floor = {}
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            floor[complex(j, i)] = cell
    place = next(p for p, cell in floor.items() if cell in look)
    way = look[floor[place]]
    cleaned = [place]
    bumps = 0
    for o in orders:
        if o == "F":
            if floor.get(place + way, "#") == "#":
                bumps += 1
            else:
                place += way
                cleaned.append(place)
        else:
            way *= 1j if o == "R" else -1j
    print(int(place.imag) + 1, int(place.real) + 1)
    print(len(set(cleaned)))
    print(bumps)


main()
