import sys
from itertools import groupby

rows = [line.split() for line in sys.stdin.read().splitlines()[1:] if line.strip()]
rows = [(r[0], int(r[1]), int(r[2])) for r in rows]
result = lambda r: (-r[1], r[2])
place = 1
for _, group in groupby(sorted(rows, key=result), key=result):
    members = sorted(r[0] for r in group)
    for m in members:
        print("%d. %s" % (place, m))
    place += len(members)
