r, c = map(int, input().split())
cell = '%' + str(len(str(r*c))) + 'd'
line = ' '.join([cell] * c)
for i in range(1, r+1):
    print(line % tuple(range(i, i*c+1, i)))
