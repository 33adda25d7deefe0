n = int(input())
teams = []
for _ in range(n):
    name, solved, penalty = input().split()
    teams.append((-int(solved), int(penalty), name))
teams.sort()
rank = 0
for i in range(n):
    if i == 0 or teams[i][:2] != teams[i - 1][:2]:
        rank = i + 1
    print(f"{rank}. {teams[i][2]}")
