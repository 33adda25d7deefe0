def moves(plates, a, b, c):
    # the list of moves from a to c
    if plates == 0:
        return []
    before = moves(plates - 1, a, c, b)
    after = moves(plates - 1, b, a, c)
    return before + [(plates, a, c)] + after


n, start, end = input().split()
middle = "ABC".replace(start, "").replace(end, "")
answer = moves(int(n), start, middle, end)
print(len(answer))
for plate, start, end in answer:
    print("plate " + str(plate) + ": " + start + " -> " + end)
