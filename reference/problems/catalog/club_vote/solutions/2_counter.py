import sys
from collections import Counter

slips = [s for s in sys.stdin.read().split()[1:] if s != "-"]
result = Counter(sorted(slips)).most_common()
if result and result[0][1] > len(slips) / 2:
    print("elected " + result[0][0])
elif len(result) < 2 or len(result) >= 3 and result[1][1] == result[2][1]:
    print("undecided")
else:
    print("runoff " + result[0][0] + " " + result[1][0])
