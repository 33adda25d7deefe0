import re

def short(match):
    run = match.group(0)
    return run[0] + str(len(run))

for line in [input() for _ in range(int(input()))]:
    print(re.sub(r'(.)\1+', short, line))
