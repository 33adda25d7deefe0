def main():
    input()
    values = [int(word) for word in input().split()]
    best = max(values)
    # everything below gold
    rest = [value for value in values if value != best]
    print(max(rest) if rest else 'none')


main()
