import datetime

for _ in range(int(input())):
    sown, days = input().split()
    harvest = datetime.date.fromisoformat(sown) + datetime.timedelta(days=int(days))
    weekday = "Mon Tue Wed Thu Fri Sat Sun".split()[harvest.weekday()]
    print(harvest.strftime("%Y-%m-%d"), weekday)
