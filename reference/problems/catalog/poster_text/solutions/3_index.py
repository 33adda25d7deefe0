import sys


def main():
    data = sys.stdin.read().split()
    width = int(data[0])
    words = data[1:]
    i = 0
    while i < len(words):
        # words[i:j] go on this line
        letters = len(words[i])
        j = i + 1
        while j < len(words) and letters + len(words[j]) + (j - i) <= width:
            letters += len(words[j])
            j += 1
        gaps = j - i - 1
        if j == len(words):
            print(' '.join(words[i:j]))
        elif gaps == 0:
            print(words[i])
        else:
            wide = (width - letters) % gaps
            space = ' ' * ((width - letters) // gaps)
            left = (space + ' ').join(words[i:i + wide + 1])
            right = space.join(words[i + wide:j])
            print(left + right[len(words[i + wide]):])
        i = j


main()
