height, trunk = input().split()
height = int(height)
trunk = int(trunk)
ch = input()

spaces = height - 1
leaves = 1
for row in range(height):
    for k in range(spaces):
        print(' ', end='')
    for k in range(leaves):
        print(ch, end='')
    print()
    spaces -= 1
    leaves += 2
while trunk != 0:
    print(' ' * (height - 1), '|', sep='')
    trunk -= 1
