from string import ascii_lowercase, ascii_uppercase, digits

def has(p, kind):
    for c in p:
        if c in kind: return True
    return False

def longest_run(p):
    best = run = 1
    for i in range(1, len(p)):
        run = run + 1 if p[i] == p[i-1] else 1
        best = max(best, run)
    return best

for i in range(int(input())):
    p = input()
    s = ''
    if not 8 <= len(p) <= 16: s += ' 1'
    if not has(p, ascii_lowercase) or not has(p, ascii_uppercase) or not has(p, digits): s += ' 2'
    if p.count(' ') > 0: s += ' 3'
    if longest_run(p) >= 3: s += ' 4'
    print(s[1:] if s else 'ok')
