import sys

k = int(input())
text = sys.stdin.read().lower()
counts = {}
word = ""
for ch in text + " ":
    if "a" <= ch <= "z":
        word += ch
    elif word:
        if word in counts:
            counts[word] += 1
        else:
            counts[word] = 1
        word = ""

ranking = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
for word, count in ranking[:k]:
    print(word, count)
