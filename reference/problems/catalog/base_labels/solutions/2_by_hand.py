DIGITS = "0123456789ABCDEF"


def read(text, base):
    value = 0
    for ch in text.upper():
        value = value * base + DIGITS.index(ch)
    return value


def write(value, base):
    if value == 0:
        return "0"
    text = ""
    while value > 0:
        text = DIGITS[value % base] + text
        value //= base
    return text


for i in range(int(input())):
    s = input()
    kind = s[:2]
    if kind == "0b":
        v = read(s[2:], 2)
    elif kind == "0x":
        v = read(s[2:], 16)
    else:
        v = read(s, 10)
    out = []
    if kind != "0b":
        out.append("0b" + write(v, 2))
    if kind in ("0b", "0x"):
        out.append(write(v, 10))
    if kind != "0x":
        out.append("0x" + write(v, 16))
    print(" ".join(out))
