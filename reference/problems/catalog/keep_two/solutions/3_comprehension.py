def keep_two(cards):
    return [c for i, c in enumerate(cards) if cards[:i].count(c) < 2]
