from itertools import groupby

def letters(name):
    return sorted(name.lower())

names = sorted((input().strip() for _ in range(int(input()))), key=letters)
lines = []
for _, same in groupby(names, key=letters):
    same = list(same)
    if len(same) >= 2:
        lines.append(' '.join(same))
print('\n'.join(lines) or 'none')
