import sys


def main():
    numbers = list(map(int, sys.stdin.read().split()))
    events = []
    for i in range(1, len(numbers), 2):
        events.append((numbers[i], 0))  # a lamp is lit before others go out
        events.append((numbers[i + 1], 1))
    events.sort()
    burning = 0
    total = 0
    for time, kind in events:
        if kind == 0:
            if burning == 0:
                begin = time
            burning += 1
        else:
            burning -= 1
            if burning == 0:
                print(begin, time)
                total += time - begin
    print(total)


main()
