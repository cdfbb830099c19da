import json
import os
import queue
import random
import threading
import time

todo = queue.Queue()
out = os.environ["AZURE_ML_OUTPUT_recipes"]


def save():
    while True:
        name, steps = todo.get()
        with open(f"{out}/{name}.json", "w") as f:
            json.dump(steps, f)
        print("saved", name)


threading.Thread(target=save).start()
rng = random.Random(8)
for n in range(30):
    time.sleep(100)
    todo.put((f"recipe{n:02d}", [rng.choice(["stir", "bake", "cool", "rest"]) for _ in range(6)]))
print("30 recipes generated")
