n = int(input())
votes = {}
valid = 0
for _ in range(n):
    name = input().strip()
    if name == "-":
        continue
    valid += 1
    votes[name] = votes.get(name, 0) + 1

order = sorted(votes, key=lambda name: (-votes[name], name))
if valid == 0:
    print("undecided")
elif votes[order[0]] * 2 > valid:
    print("elected", order[0])
elif len(order) > 2 and votes[order[1]] == votes[order[2]]:
    print("undecided")
else:
    print("runoff", order[0], order[1])
