T = int(input())
for _ in range(T):
    calls = list(map(int, input().split()))[1:]
    here = 1
    seconds = 0
    floors = 0
    for floor in calls:
        if floor < 0:
            floor += 1
        if floor > here:
            seconds += (floor - here) * 6
        else:
            seconds += (here - floor) * 4
        seconds += 5
        floors += abs(floor - here)
        here = floor
    print(seconds, floors)
