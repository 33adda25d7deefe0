def lone_days(choices):
    chosen = {name: {day.lower() for day in days} for name, days in choices.items()}
    result = {}
    for name in chosen:
        others = set()
        for other in chosen:
            if other != name:
                others |= chosen[other]
        result[name] = len(chosen[name] - others)
    return result
