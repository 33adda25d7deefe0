import re, sys

def kind(sign):
    t = re.sub('[^a-z0-9]', '', sign.lower())
    if not t: return 'blank'
    return 'mirror' if list(t) == list(reversed(t)) else 'plain'

print(*map(kind, sys.stdin.readlines()), sep='\n')
