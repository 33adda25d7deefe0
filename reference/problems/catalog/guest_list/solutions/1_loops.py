def guests(names):
    result = []
    for name in names:
        if name not in result:
            result.append(name)
    return result


def returned(names):
    seen = []
    result = []
    for name in names:
        if name in seen and name not in result:
            result.append(name)
        seen.append(name)
    return result
