n, c, s = map(int, input().split())
for i in range(1, n + 1):
    if i % 10 == 7:
        continue
    if i % c == 0 and i % s == 0:
        print("clapstomp")
    elif i % c == 0:
        print("clap")
    elif i % s == 0:
        print("stomp")
    else:
        print(i)
