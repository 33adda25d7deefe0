from collections import Counter


def lone_days(choices):
    people = Counter()
    for days in choices.values():
        people.update(set(d.lower() for d in days))
    return {
        name: sum(people[d] == 1 for d in set(x.lower() for x in days))
        for name, days in choices.items()
    }
