import os, random, threading, time

from runmetrics import Run

trial = int(os.environ["TRIAL"])
run = Run.get_context()
rng = random.Random(trial)
lr = 10 ** rng.uniform(-4, -1)
print(f"trial {trial}: learning rate {lr:.5f}", flush=True)
cond = threading.Condition()
ready = []


def feed():
    for batch in range(60):
        time.sleep(90 + 10 * trial)
        with cond:
            ready.append(batch)
            cond.notify()


threading.Thread(target=feed, daemon=True).start()
seen = 0
while seen < 60:
    with cond:
        while len(ready) <= seen:
            cond.wait()
        seen += 1
    if seen % 5 == 0:
        run.log("val_rmse", 4 / (seen + 1) + lr + rng.uniform(0, 0.1), step=seen)
        print(f"trial {trial}: batch {seen}/60", flush=True)
run.flush()
print(f"trial {trial}: finished", flush=True)
