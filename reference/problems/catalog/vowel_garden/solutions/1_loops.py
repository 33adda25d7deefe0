def count_flowers(text):
    count = 0
    for ch in text:
        if ch in "aeiouAEIOU":
            count += 1
    return count


def most_flowers(words):
    best = ""
    most = -1
    for word in words:
        flowers = count_flowers(word)
        if flowers > most:
            most = flowers
            best = word
    return best
