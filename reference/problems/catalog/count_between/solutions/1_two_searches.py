def first_at_least(values, x):
    left = 0
    right = len(values)
    while left < right:
        middle = (left + right) // 2
        if values[middle] < x:
            left = middle + 1
        else:
            right = middle
    return left


def count_between(values, low, high):
    if low > high:
        return 0
    return first_at_least(values, high + 1) - first_at_least(values, low)
