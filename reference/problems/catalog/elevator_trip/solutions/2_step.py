def up(floor):
    return 1 if floor == -1 else floor + 1


def down(floor):
    return -1 if floor == 1 else floor - 1


for case in range(int(input())):
    k, *calls = map(int, input().split())
    position, time, distance = 1, 0, 0
    for target in calls:
        while position < target:
            position = up(position)
            time += 6
            distance += 1
        while position > target:
            position = down(position)
            time += 4
            distance += 1
        time += 5
    print(time, distance)
