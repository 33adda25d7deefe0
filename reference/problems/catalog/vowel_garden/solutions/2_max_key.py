FLOWERS = set('aeiou')

def count_flowers(text):
    return sum(c in FLOWERS for c in text.lower())

def most_flowers(words):
    # max gives the first of equals
    return max(words, key=count_flowers, default='')
