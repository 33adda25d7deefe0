import heapq
import sys


def main():
    data = list(map(int, sys.stdin.read().split()))
    n, c = data[0], data[1]
    idle = list(range(1, c + 1))
    busy = []
    counters = []
    waits = []
    end = 0
    for i in range(n):
        arrival, duration = data[2 + 2 * i], data[3 + 2 * i]
        begin = arrival
        if i > 0:
            begin = max(begin, previous)
        while busy and busy[0][0] <= begin:
            heapq.heappush(idle, heapq.heappop(busy)[1])
        if not idle:
            begin = busy[0][0]
            while busy and busy[0][0] <= begin:
                heapq.heappush(idle, heapq.heappop(busy)[1])
        counter = heapq.heappop(idle)
        heapq.heappush(busy, (begin + duration, counter))
        counters.append(counter)
        waits.append(begin - arrival)
        end = max(end, begin + duration)
        previous = begin
    print(*counters)
    print(max(waits), end)


main()
