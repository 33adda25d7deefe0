def check(text):
    waiting = ""
    for position in range(len(text)):
        ch = text[position]
        if ch == "(":
            waiting += ")"
        elif ch == "[":
            waiting += "]"
        elif ch == "{":
            waiting += "}"
        elif ch == ")" or ch == "]" or ch == "}":
            if waiting == "" or waiting[-1] != ch:
                return "bad " + str(position + 1)
            waiting = waiting[:-1]
    if waiting != "":
        return "bad end"
    return "good"


while True:
    try:
        line = input()
    except EOFError:
        break
    print(check(line))
