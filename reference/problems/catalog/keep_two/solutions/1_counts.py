def keep_two(cards):
    seen = {}
    result = []
    for card in cards:
        seen[card] = seen.get(card, 0) + 1
        if seen[card] <= 2:
            result.append(card)
    return result
