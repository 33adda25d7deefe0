N = int(input())
data = [input().split() for i in range(N)]
# stable sorts, the least important key first
data.sort(key=lambda d: d[0])
data.sort(key=lambda d: int(d[2]))
data.sort(key=lambda d: int(d[1]), reverse=True)
before = None
for i, (name, solved, penalty) in enumerate(data):
    if (int(solved), int(penalty)) != before:
        rank = i + 1
        before = (int(solved), int(penalty))
    print(f'{rank}. {name}')
