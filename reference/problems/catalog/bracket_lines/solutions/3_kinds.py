import sys

OPEN = "([{"
CLOSE = ")]}"
lines = sys.stdin.read().split("\n")
if lines[-1] == "":
    lines.pop()
for line in lines:
    st = []
    bad = None
    for k in range(1, len(line) + 1):
        x = line[k - 1]
        if x in OPEN:
            st.append(OPEN.index(x))
        if x in CLOSE:
            if len(st) > 0 and st[-1] == CLOSE.index(x):
                st.pop()
            else:
                bad = k
                break
    if bad is not None:
        print("bad", bad)
    elif len(st) > 0:
        print("bad end")
    else:
        print("good")
