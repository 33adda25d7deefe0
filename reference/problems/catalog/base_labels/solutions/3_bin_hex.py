import sys

words = sys.stdin.read().split()
for w in words[1:]:
    base = {'0b': 2, '0x': 16}.get(w[:2], 10)
    v = int(w, base)
    forms = {2: bin(v), 10: str(v), 16: '0x' + hex(v)[2:].upper()}
    del forms[base]
    print(*forms.values())
