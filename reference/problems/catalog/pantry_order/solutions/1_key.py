def pantry_order(jars):
    ordered = sorted(jars, key=lambda jar: (jar[2], jar[1], len(jar[0])))
    return [name for name, month, year in ordered]
