import queue, threading, time

rows, scored = queue.Queue(100), []


def reader():
    for block in range(40):
        time.sleep(30)
        rows.put(block)
    rows.put(None)


threading.Thread(target=reader, daemon=True).start()
print("scoring the open claims", flush=True)
while True:
    block = rows.get()
    if block is None:
        break
    scored.append(block)
    if len(scored) % 10 == 0:
        print(f"{len(scored)} blocks scored", flush=True)
print("scoring finished", flush=True)
