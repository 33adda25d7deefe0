text = input().strip()
k = 0
while len(text) != 1:
    text = str(sum(d * text.count(str(d)) for d in range(10)))
    k += 1
print(f"{text} {k}")
