def border(width):
    return f"+{'-' * width}+"


name = input()
inner = f" {name} "
print(border(len(inner)), f"|{inner}|", border(len(inner)), sep="\n")
