T = int(input())
while T:
    T -= 1
    s = input()
    i = 0
    while i < len(s):
        j = i
        while j < len(s) and s[j] == s[i]:
            j += 1
        print(s[i], end='')
        if j - i > 1:
            print(j - i, end='')
        i = j
    print()
