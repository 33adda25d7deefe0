def better(a, b):
    if a[1] != b[1]:
        return a[1] > b[1]
    return a[2] < b[2]


teams = []
for _ in range(int(input())):
    row = input().split()
    teams.append([row[0], int(row[1]), int(row[2])])

table = []
for team in teams:
    rank = 1
    for other in teams:
        if better(other, team):
            rank += 1
    table.append((rank, team[0]))

for rank, name in sorted(table):
    print(str(rank) + ". " + name)
