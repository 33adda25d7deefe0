from operator import add, mul, sub

OPS = {"+": add, "-": sub, "*": mul, "/": lambda a, b: int(a / b)}

while True:
    try:
        words = input().split()
    except EOFError:
        break
    st = []
    try:
        for w in words:
            if w in OPS:
                y, x = st.pop(), st.pop()
                st.append(OPS[w](x, y))
            else:
                st.append(int(w))
        if len(st) > 1:
            print("syntax error")
        else:
            print(st[0])
    except IndexError:
        print("syntax error")
    except ZeroDivisionError:
        print("division by zero")
