def count_between(values, low, high):
    def count(a, b):
        # how many of values[a:b] fit
        if a >= b or values[a] > high or values[b - 1] < low:
            return 0
        if low <= values[a] and values[b - 1] <= high:
            return b - a
        m = (a + b) // 2
        return count(a, m) + count(m, b)

    if low > high:
        return 0
    return count(0, len(values))
