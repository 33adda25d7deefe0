import sys

text = sys.stdin.read()
for sign in text.splitlines():
    kept = "".join(filter(str.isalnum, sign)).upper()
    n = len(kept)
    same = all(kept[k] == kept[n - 1 - k] for k in range(n // 2))
    print("blank" if n == 0 else "mirror" if same else "plain")
