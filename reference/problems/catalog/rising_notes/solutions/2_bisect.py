from bisect import bisect_left

while True:
    try:
        n = int(input())
    except EOFError:
        break
    ends = []
    for pitch in map(int, input().split()):
        i = bisect_left(ends, pitch)
        if i == len(ends):
            ends.append(pitch)
        else:
            ends[i] = pitch
    print(len(ends))
