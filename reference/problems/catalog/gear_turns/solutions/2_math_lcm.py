from math import lcm

for case in range(int(input())):
    k, *gears = map(int, input().split())
    turn = lcm(*gears)
    print("Case %d: %d %d" % (case + 1, turn, turn // gears[0]))
