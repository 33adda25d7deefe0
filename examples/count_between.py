import bisect


def count_between(values, low, high):
    # everything left of `start` is too small, everything from `end` on is too large
    if low > high:
        return 0
    start = bisect.bisect_left(values, low)
    end = bisect.bisect_left(values, high)
    return end - start
