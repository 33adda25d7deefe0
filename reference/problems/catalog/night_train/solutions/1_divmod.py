line = input()
while line != "0":
    departure, minutes = line.split()
    hour, minute = departure.split(":")
    total = int(hour) * 60 + int(minute) + int(minutes)
    days, rest = divmod(total, 24 * 60)
    arrival = f"{rest // 60:02d}:{rest % 60:02d}"
    if days > 0:
        arrival += f" +{days}"
    print(arrival)
    line = input()
