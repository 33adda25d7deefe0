def first_box(boxes, height):
    answer = -1
    left, right = 0, len(boxes) - 1
    while left <= right:
        middle = (left + right) // 2
        if boxes[middle] < height:
            left = middle + 1
        else:
            answer = middle + 1
            right = middle - 1
    return answer


def main():
    input()
    boxes = list(map(int, input().split()))
    for height in map(int, input().split()):
        position = first_box(boxes, height)
        print("none" if position == -1 else position)


main()
