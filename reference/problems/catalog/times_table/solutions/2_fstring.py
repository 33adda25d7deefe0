R, C = [int(x) for x in input().split()]
w = len(f'{R*C}')
print('\n'.join(' '.join(f'{i*j:{w}}' for j in range(1, C+1)) for i in range(1, R+1)))
