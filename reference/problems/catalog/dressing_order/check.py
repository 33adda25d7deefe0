import json
import sys


def judge(given, expected, actual):
    n, _, *numbers = map(int, given.split())
    words = actual.split()
    if expected.split() == ["impossible"]:
        return "accepted" if words == ["impossible"] else "no order keeps the rules"
    if words == ["impossible"]:
        return "there is an order that keeps the rules"
    if sorted(words) != sorted(str(piece) for piece in range(1, n + 1)):
        return f"expected each number from 1 to {n} once"
    place = {int(word): i for i, word in enumerate(words)}
    for first, second in zip(numbers[::2], numbers[1::2]):
        if place[first] > place[second]:
            return f"piece {first} must come before piece {second}"
    return "accepted"


case = json.load(sys.stdin)
print(judge(case["input"], case["expected"], case["actual"]))
