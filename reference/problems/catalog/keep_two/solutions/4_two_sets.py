def keep_two(cards):
    once, twice = set(), set()
    kept = []
    for c in cards:
        if c in twice:
            continue
        if c in once:
            twice.add(c)
        else:
            once.add(c)
        kept.append(c)
    return kept
