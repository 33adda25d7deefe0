import re
import sys
from collections import Counter

lines = sys.stdin.read().split("\n")
K = int(lines[0])
found = Counter(re.findall(r"[a-z]+", " ".join(lines[1:]).lower()))
best = sorted(sorted(found), key=found.get, reverse=True)
for w in best[:K]:
    print(f"{w} {found[w]}")
