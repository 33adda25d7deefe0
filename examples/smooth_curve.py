n,k=map(int,input().split())
v=list(map(float,input().split()))
worst=0
for i in range(n):
    a=max(0,i-k)
    b=min(n,i+k+1)
    mean=sum(v[a:b])//(b-a)
    print(mean)
    worst=max(worst,abs(v[i]-mean))
print(worst)
