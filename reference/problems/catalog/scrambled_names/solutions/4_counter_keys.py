from collections import Counter, defaultdict

d = defaultdict(set)
for _ in range(int(input())):
    s = input()
    d[frozenset(Counter(s.lower()).items())].add(s)
big = [g for g in d.values() if len(g) > 1]
for g in big:
    print(*sorted(g))
if not big:
    print('none')
