def count_flowers(text):
    text = text.upper()
    return text.count("A") + text.count("E") + text.count("I") + text.count("O") + text.count("U")

def most_flowers(words):
    if len(words) == 0:
        return ""
    counts = [count_flowers(w) for w in words]
    return words[counts.index(max(counts))]
