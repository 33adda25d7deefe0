def pantry_order(jars):
    shelf = []
    for jar in jars:
        i = len(shelf)
        while i > 0 and before(jar, shelf[i - 1]):
            i -= 1
        shelf.insert(i, jar)
    names = []
    for jar in shelf:
        names.append(jar[0])
    return names


def before(a, b):
    if a[2] != b[2]:
        return a[2] < b[2]
    if a[1] != b[1]:
        return a[1] < b[1]
    return len(a[0]) < len(b[0])
