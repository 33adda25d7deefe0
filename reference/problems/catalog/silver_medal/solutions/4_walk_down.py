n=int(input())
l=sorted([int(i) for i in input().split()],reverse=True)
i=0
while i<n and l[i]==l[0]:
    i+=1
print("none" if i==n else l[i])
