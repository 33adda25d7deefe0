def pantry_order(jars):
    # (months since the year 0, length, place on the shelf, name)
    keyed = []
    for place, (name, month, year) in enumerate(jars):
        keyed.append((year * 12 + month, len(name), place, name))
    keyed.sort()
    return [k[-1] for k in keyed]
