def band_of(points):
    if points >= 30000: return 'fiery'
    if points >= 2500: return 'hot'
    if points >= 100: return 'warm'
    return 'mild'

N = int(input())
bands = []
for _ in range(N):
    pepper = input().split()
    b = band_of(int(pepper[1]))
    bands.append(b)
    print(pepper[0], b, sep=': ')
print(bands.count('hot') + bands.count('fiery'))
