def best(sums):
    number = max(range(len(sums)), key=lambda i: sums[i])
    return f"{number + 1} {sums[number]}"

S, D = (int(w) for w in input().split())
per_day = [0] * D
per_stall = []
for _ in range(S):
    takings = [int(w) for w in input().split()]
    per_stall.append(sum(takings))
    for day, amount in enumerate(takings):
        per_day[day] += amount

print(best(per_stall), best(per_day), sum(per_day), sep='\n')
