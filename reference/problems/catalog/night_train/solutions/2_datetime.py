from datetime import datetime, timedelta

start = datetime(2001, 1, 1)
while True:
    words = input().split()
    if len(words) == 1:
        break
    h, m = map(int, words[0].split(':'))
    arrival = start + timedelta(hours=h, minutes=m + int(words[1]))
    days = (arrival - start).days
    print(arrival.strftime('%H:%M') + (' +' + str(days) if days else ''))
