def count_between(values, low, high):
    count = 0
    for v in values:
        if v > high:
            break
        if v >= low:
            count += 1
    return count
