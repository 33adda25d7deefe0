def keep_two(cards):
    """keep only the first two of equal cards"""
    how_many = {}
    kept = []
    for card in cards:
        if card not in how_many:
            how_many[card] = 0
        how_many[card] += 1
        if how_many[card] <= 2:
            kept.append(card)
        return kept
