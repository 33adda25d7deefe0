import sys

for line in sys.stdin:
    s = ""
    for ch in line.lower():
        if ch.isalnum():
            s += ch
    if s == "":
        print("blank")
    elif s == s[::-1]:
        print("mirror")
    else:
        print("plain")
