def machine(number, steps):
    if len(number) == 1:
        return number, steps
    return machine(str(sum(map(int, number))), steps + 1)


print(*machine(input().strip(), 0))
