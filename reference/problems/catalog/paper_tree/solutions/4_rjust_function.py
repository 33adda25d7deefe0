def row(n, height, ch):
    half = ch * n
    return (half + ch).rjust(height) + half


h, t = map(int, input().split())
leaf = input()
lines = [row(n, h, leaf) for n in range(h)]
lines += [row(0, h, "|")] * t
print(*lines, sep="\n")
