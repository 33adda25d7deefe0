def is_mirror(chars):
    i, j = 0, len(chars) - 1
    while i < j:
        if chars[i] != chars[j]:
            return False
        i += 1
        j -= 1
    return True


while True:
    try:
        line = input()
    except EOFError:
        break
    chars = [c.lower() for c in line if c.isalpha() or c.isdigit()]
    if not chars:
        print('blank')
    else:
        print('mirror' if is_mirror(chars) else 'plain')
