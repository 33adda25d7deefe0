n, v = map(int, input().split())
price = list(map(int, input().split()))


def find():
    for i in range(n):
        for j in range(i + 1, n):
            if price[i] + price[j] == v:
                return f"{i + 1} {j + 1}"
    return 0


print(find())
