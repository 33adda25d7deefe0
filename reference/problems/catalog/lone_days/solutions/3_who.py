def lone_days(choices):
    who = {}
    for name, days in choices.items():
        for day in days:
            day = day.lower()
            if day not in who:
                who[day] = []
            if name not in who[day]:
                who[day].append(name)
    answer = dict.fromkeys(choices, 0)
    for names in who.values():
        if len(names) == 1:
            answer[names[0]] += 1
    return answer
