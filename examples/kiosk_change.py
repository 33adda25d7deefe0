# change at the kiosk
coins = [500, 100, 50, 10, 1]
while True:
	price, paid = map(int, input().split())
	if price == 0:
		break
	if paid < price:
		print("short " + str(price - paid))
	elif paid == price:
		print("exact")
	else:
		change = paid - price
		out = []
		for c in coins:
			if change >= c:		# skip the coins we don't need
				out.append(str(c) + "x" + str(change // c))
				change = change % c
		print("".join(out))
