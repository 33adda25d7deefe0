N, C, S = [int(x) for x in input().split()]

def say(k):
    word = ''
    if k % C == 0:
        word += 'clap'
    if k % S == 0:
        word += 'stomp'
    return word or str(k)

print('\n'.join(say(k) for k in range(1, N+1) if str(k)[-1] != '7'))
