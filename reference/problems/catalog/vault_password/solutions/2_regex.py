import re

RULES = [
    lambda s: 8 <= len(s) <= 16,
    lambda s: all(re.search(kind, s) for kind in ("[a-z]", "[A-Z]", "[0-9]")),
    lambda s: " " not in s,
    lambda s: not re.search(r"(.)\1\1", s),
]

for _ in range(int(input())):
    proposal = input()
    broken = [str(i) for i, keeps in enumerate(RULES, 1) if not keeps(proposal)]
    print(" ".join(broken) or "ok")
