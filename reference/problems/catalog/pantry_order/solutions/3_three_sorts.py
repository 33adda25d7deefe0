def pantry_order(jars):
    jars = list(jars)
    jars.sort(key=lambda j: len(j[0]))
    jars.sort(key=lambda j: j[1])
    jars.sort(key=lambda j: j[2])
    return list(map(lambda j: j[0], jars))
