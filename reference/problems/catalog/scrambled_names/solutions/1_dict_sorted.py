n = int(input())
groups = {}
for i in range(n):
    name = input()
    key = "".join(sorted(name.lower()))
    if key not in groups:
        groups[key] = []
    groups[key].append(name)

found = False
for group in groups.values():
    if len(group) > 1:
        print(" ".join(group))
        found = True
if not found:
    print("none")
