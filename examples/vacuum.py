# wpc: problem=robot_vacuum
# Robot vacuum, homework 6. Directions clockwise from "up".
UP, RIGHT, DOWN, LEFT = range(4)
MOVES = {UP: (-1, 0), RIGHT: (0, 1), DOWN: (1, 0), LEFT: (0, -1)}
SYMBOLS = "^>v<"

height, width = map(int, input().split())
room = [input() for _ in range(height)]
commands = input()

for y in range(height):
    for x in range(width):
        if room[y][x] in SYMBOLS:
            row, col = y, x
            facing = SYMBOLS.index(room[y][x])

visited = {(row, col)}
bumps = 0

for command in commands:
    if command == "L":
        facing = (facing - 1) % 4
    elif command == "R":
        facing = (facing + 1) % 4
    else:
        dy, dx = MOVES[facing]
        y, x = row + dy, col + dx
        inside = 0 <= y < width and 0 <= x < width
        if inside and room[y][x] != "#":
            row, col = y, x
            visited.add((row, col))
        else:
            bumps += 1

print(row + 1, col + 1)
print(len(visited))
print(bumps)
