def main():
    a = sorted(map(float, iter(input, "end")))
    n = len(a)
    avg = sum(a) / n
    i = 0
    while i < n and a[i] <= avg + 1e-9:
        i += 1
    print(avg, a[-1] - a[0], n - i, sep="\n")

main()
