import json
import sys


def judge(given, expected, actual):
    _, voucher, *prices = map(int, given.split())
    words = actual.split()
    if expected.split() == ["0"]:
        return "accepted" if words == ["0"] else "there is no such pair: 0 was expected"
    if len(words) != 2:
        return "expected the numbers of two items"
    try:
        first, second = map(int, words)
    except ValueError:
        return "an item number is not an integer"
    if not (1 <= first <= len(prices) and 1 <= second <= len(prices)):
        return "there is no item with that number"
    if first == second:
        return "the two items must be different"
    total = prices[first - 1] + prices[second - 1]
    if total != voucher:
        return f"the two items cost {total}, not {voucher}"
    return "accepted"


case = json.load(sys.stdin)
print(judge(case["input"], case["expected"], case["actual"]))
