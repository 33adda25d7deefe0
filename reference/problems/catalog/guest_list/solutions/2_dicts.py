def guests(names):
    return list(dict.fromkeys(names))

def returned(names):
    visits = {}
    again = []
    for n in names:
        visits[n] = visits.get(n, 0) + 1
        if visits[n] == 2: again.append(n)
    return again
