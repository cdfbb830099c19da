"""Delay features for the suburban timetable: each worker owns a set of stations and one part file."""
import argparse
import json
import multiprocessing as mp
import os
import random
import statistics
import time

OUT = os.environ["AZURE_ML_OUTPUT_delays"]
STATIONS = [
    "Andheri", "Bandra", "Borivali", "Byculla", "Chembur", "Churchgate", "Dadar", "Dombivli",
    "Ghatkopar", "Goregaon", "Kalyan", "Kurla", "Malad", "Mulund", "Thane", "Vashi",
]  # fmt: skip
_part = None


def open_part(worker):
    global _part
    _part = open(os.path.join(OUT, f"delays-{worker}.jsonl"), "w")


def station_features(name, days):
    rng = random.Random(name)
    for day in range(days):
        late = [max(0.0, rng.gauss(3.5, 4)) for _ in range(48)]
        yield {
            "station": name,
            "day": day,
            "mean": round(statistics.mean(late), 3),
            "p90": round(sorted(late)[43], 3),
            "cancelled": rng.randint(0, 2),
        }


def work(worker, stations, days):
    open_part(worker)
    rows = 0
    for name in stations:
        for row in station_features(name, days):
            _part.write(json.dumps(row) + "\n")
            rows += 1
        time.sleep(540)
        print(f"worker {worker}: {name} done, {rows} rows", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--days", type=int, default=45)
    args = parser.parse_args()
    print(f"{len(STATIONS)} stations over {args.workers} workers, {args.days} days each", flush=True)
    workers = []
    for k in range(args.workers):
        p = mp.Process(target=work, args=(k, STATIONS[k :: args.workers], args.days))
        p.start()
        workers.append(p)
    for p in workers:
        p.join()
    bad = [p.pid for p in workers if p.exitcode]
    if bad:
        raise SystemExit(f"workers failed: {bad}")
    rows = len(STATIONS) * args.days
    with open(os.path.join(OUT, "_meta.json"), "w") as f:
        json.dump({"rows": rows, "parts": args.workers}, f)
    print(f"all workers returned 0; {rows} rows in {args.workers} parts", flush=True)


if __name__ == "__main__":
    main()
