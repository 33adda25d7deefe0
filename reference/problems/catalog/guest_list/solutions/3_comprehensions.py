def guests(names):
    return [n for i, n in enumerate(names) if n not in names[:i]]

def returned(names):
    # exactly one visit before this one
    return [n for i, n in enumerate(names) if names[:i].count(n) == 1]
