"""Tries three solvers on the timetable and keeps the first good answer; the slower ones are called off."""
import concurrent.futures as cf
import json
import os
import threading
import time

called_off = threading.Event()


def solver(name, minutes, quality):
    for minute in range(minutes):
        if called_off.wait(60):
            raise cf.CancelledError(f"{name} called off after {minute} min")
    return name, quality


def main():
    with cf.ThreadPoolExecutor(3) as pool:
        futures = {pool.submit(solver, n, m, q): n for n, m, q in (("tabu", 25, 0.91), ("anneal", 70, 0.95), ("exact", 900, 1.0))}
        for future in cf.as_completed(futures):
            try:
                name, quality = future.result()
            except cf.CancelledError as off:
                print(f"[solver] {off}", flush=True)
                continue
            print(f"[solver] {name} answered, quality {quality}", flush=True)
            if quality >= 0.95:
                called_off.set()
                best = name
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_timetable"], "best.json"), "w") as f:
        json.dump({"solver": best}, f)
    print(f"[main] timetable by {best} kept", flush=True)


main()
