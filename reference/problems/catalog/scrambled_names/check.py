import json
import sys


def groups(text):
    return sorted(sorted(line.split()) for line in text.splitlines() if line.strip())


case = json.load(sys.stdin)
expected, actual = groups(case["expected"]), groups(case["actual"])
if actual == expected:
    print("accepted")
else:
    missing = [group for group in expected if group not in actual]
    extra = [group for group in actual if group not in expected]
    if missing:
        print("missing group:", *missing[0])
    elif extra:
        print("wrong group:", *extra[0])
    else:
        print("a group is printed twice")
