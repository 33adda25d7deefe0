n = int(input())
for _ in range(n):
    label = input().strip()
    if label.startswith("0b"):
        value = int(label[2:], 2)
        print(f"{value} 0x{value:X}")
    elif label.startswith("0x"):
        value = int(label[2:], 16)
        print(f"0b{value:b} {value}")
    else:
        value = int(label)
        print(f"0b{value:b} 0x{value:X}")
