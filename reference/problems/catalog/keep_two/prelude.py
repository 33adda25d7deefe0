def kept_and_unchanged(cards):
    """Return what keep_two makes of the cards, and the cards as they are afterwards."""
    return keep_two(cards), cards
