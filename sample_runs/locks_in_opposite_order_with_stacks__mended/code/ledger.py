"""Moves money between accounts in two threads, for a fraud simulation."""

import faulthandler
import os
import random
import sys
import threading
import time
from datetime import datetime

faulthandler.dump_traceback_later(3600, repeat=True, file=sys.stderr)
OUT = os.environ["AZURE_ML_OUTPUT_ledger"]


class Account:
    def __init__(self, name, balance):
        self.name, self.balance, self.lock = name, balance, threading.Lock()


def transfer(source, target, amount):
    low, high = sorted((source, target), key=lambda account: account.name)
    with low.lock, high.lock:
        time.sleep(0.2)  # the ledger is on a share
        source.balance -= amount
        target.balance += amount


def simulate(source, target, seed):
    rng = random.Random(seed)
    for number in range(1, 301):
        time.sleep(rng.uniform(5, 60))
        transfer(source, target, rng.randint(1, 50))
        if number % 10 == 0:
            print(f"I{datetime.now():%m%d %H:%M:%S.%f} {os.getpid()} ledger.py:34] {source.name}: {number} transfers", flush=True)


def main():
    first, second = Account("current", 10**6), Account("savings", 10**6)
    threads = [
        threading.Thread(target=simulate, args=(first, second, 1)),
        threading.Thread(target=simulate, args=(second, first, 2)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open(os.path.join(OUT, "balances.txt"), "w") as f:
        f.write(f"{first.balance} {second.balance}\n")
    print(f"I{datetime.now():%m%d %H:%M:%S.%f} {os.getpid()} ledger.py:50] balances written", flush=True)
    faulthandler.cancel_dump_traceback_later()


main()
