def turn(ring):
    last = ring.pop()
    ring.insert(0, last)

n, k = map(int, input().split())
ring = input().split()
# full rounds change nothing; backwards becomes forwards
for _ in range(k % n):
    turn(ring)
for animal in ring[:-1]:
    print(animal, end=' ')
print(ring[-1])
