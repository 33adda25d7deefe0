# wpc: problem=vowel_garden
flowers = 'aeiou'

def count_flowers(text):
    total = 0
    for letter in text.lower():
        if letter in flowers:
            total = total + 1
    return total

def most_flowers(words):
    if len(words) == 0:
        return ''
    best = words[0]
    for w in words:
        # only a strictly better word replaces the first one
        if len(w) > count_flowers(best):
            best = w
    return best
