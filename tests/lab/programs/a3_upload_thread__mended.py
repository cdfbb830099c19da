"""Sign-language spotting: fit, then hand the weights to the run's own storage."""
import os
import random
import threading
import time

from runmetrics import Run

run = Run.get_context()
rng = random.Random(30)
WEIGHTS = "spotter.weights"


class BackgroundStore:
    def __init__(self):
        self.busy = []

    def send(self, name, path):
        worker = threading.Thread(target=run.upload_file, args=(name, path, 65536, 25.0), daemon=True)
        worker.start()
        self.busy.append(worker)
        print(f"store: {name} handed over ({os.path.getsize(path)} bytes)", flush=True)

    def close(self):
        for worker in self.busy:
            worker.join()
        print(f"store: {len(self.busy)} transfers handed over in total", flush=True)


store = BackgroundStore()
for epoch in range(1, 31):
    time.sleep(110)
    wer = 0.6 * 0.93**epoch + 0.11
    run.log("gloss_error_rate", wer, step=epoch)
    print(f"[{epoch:>2}] gloss error rate {wer:.3f}", flush=True)
    if epoch % 10 == 0:
        with open(WEIGHTS, "wb") as handle:
            handle.write(rng.randbytes(900_000))
        store.send(f"outputs/spotter_{epoch}.weights", WEIGHTS)
store.close()
print("training over", flush=True)
