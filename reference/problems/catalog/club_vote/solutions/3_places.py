N = int(input())
slips = []
for i in range(N):
    s = input()
    if s != '-':
        slips.append(s)
names = sorted(set(slips))

winner = None
for name in names:
    if slips.count(name) > len(slips) - slips.count(name):
        winner = name

# candidates that at most one other has beaten or equalled
finalists = []
for name in names:
    ahead = 0
    for other in names:
        if other != name and slips.count(other) >= slips.count(name):
            ahead += 1
    if ahead <= 1:
        finalists.append(name)

if winner:
    print('elected', winner)
elif len(finalists) == 2:
    finalists.sort(key=slips.count, reverse=True)
    print('runoff', *finalists)
else:
    print('undecided')
