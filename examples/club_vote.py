from collections import Counter

N = int(input())
votes = Counter()
for i in range(N):
    s = input()
    if s != '-':
        votes[s] += 1

total = sum(votes.values())
order = sorted(votes, key=lambda c: (-votes[c], c))

if total == 0:
    print('undecided')
elif votes[order[0]] > total / 2:
    print('elected', order[0])
elif votes[order[1]] == votes[order[2]]:
    print('undecided')
else:
    print('runoff', order[0], order[1])
