def keep_two(cards):
    result = []
    for card in cards:
        if result.count(card) < 2:
            result.append(card)
    return result
