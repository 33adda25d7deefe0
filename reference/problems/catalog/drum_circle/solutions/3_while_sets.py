n, c, s = map(int, input().split())
claps = set(range(c, n + 1, c))
stomps = set(range(s, n + 1, s))

number = 1
while number <= n:
    if not str(number).endswith("7"):
        if number in claps & stomps:
            print("clapstomp")
        else:
            if number in claps:
                print("clap")
            else:
                if number in stomps:
                    print("stomp")
                else:
                    print(number)
    number += 1
