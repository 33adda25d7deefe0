def next_letter(c):
    if c == "z": return "a"
    if c == "Z": return "A"
    return chr(ord(c) + 1)

k = int(input())
while k < 0:
    k += 26   # backwards is forwards the other way round
k %= 26
for c in input():
    if c.isalpha():
        for _ in range(k):
            c = next_letter(c)
    print(c, end="")
print()
