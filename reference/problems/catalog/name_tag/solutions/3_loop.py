n = input()
s = '+'
for i in range(len(n)+2):
    s += '-'
s += '+'

print(s)
print('|', n, '|')
print(s)
