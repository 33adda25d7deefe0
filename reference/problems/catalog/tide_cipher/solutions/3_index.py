letters = 'abcdefghijklmnopqrstuvwxyz'

def move(c, k):
    if c.lower() not in letters:
        return c
    i = letters.index(c.lower()) + k
    i = i % 26
    if c.isupper():
        return letters[i].upper()
    return letters[i]

shift = int(input())
print(''.join([move(c, shift) for c in input()]))
