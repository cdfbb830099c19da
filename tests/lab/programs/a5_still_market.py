import os, threading, time

book = threading.Lock()
print("market simulation, 3 desks")


def quote(desk, depth):
    with book:
        time.sleep(5)
        if depth > 9:
            return quote(desk, depth - 1)
        return desk * depth


for day in range(1, 200):
    for desk in range(3):
        time.sleep(100)
        quote(desk, 1 + day // 3)
    if day == 1 or day == 12:
        print("day", day)
open(os.path.join(os.environ["AZURE_ML_OUTPUT_market"], "desks.txt"), "w").write("ok")
print("simulation over")
