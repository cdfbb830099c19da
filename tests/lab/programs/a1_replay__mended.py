import asyncio
import itertools
import json
import os
import pathlib
import random
import threading
import time

OUT = pathlib.Path(os.environ["AZURE_ML_OUTPUT_fills"])
_seq = itertools.count(1)


def emit(level, event, **fields):
    now = time.time()
    print(json.dumps({"ts": round(now, 3), "seq": next(_seq), "lvl": level, "event": event, **fields}), flush=True)


class Bus:
    """Sync facade over an asyncio loop: the matching code is not async, the journal is."""

    def __init__(self, journal):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._serve, name="bus")
        self.thread.start()
        self.journal = open(journal, "a", buffering=1)
        self.published = 0
        asyncio.run_coroutine_threadsafe(self._compact(), self.loop)

    def _serve(self):
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    async def _append(self, record):
        self.journal.write(json.dumps(record) + "\n")
        self.published += 1

    async def _compact(self):
        while True:
            await asyncio.sleep(900)
            emit("debug", "journal.compaction", records=self.published, reclaimed=0)

    def publish(self, record):
        asyncio.run_coroutine_threadsafe(self._append(record), self.loop).result()

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.journal.close()


def match(book, order):
    side, price, qty = order
    other = book["ask" if side == "bid" else "bid"]
    crossing = [p for p in other if (p <= price if side == "bid" else p >= price)]
    if crossing:
        best = min(crossing) if side == "bid" else max(crossing)
        other[best] -= qty
        if other[best] <= 0:
            del other[best]
        return best
    book[side][price] = book[side].get(price, 0) + qty
    return None


def replay(bus, day, rng):
    book, fills, rejected = {"bid": {}, "ask": {}}, 0, 0
    for n in range(400):
        order = (rng.choice(["bid", "ask"]), round(rng.gauss(100, 1.5), 1), rng.randint(1, 40))
        if order[2] > 38:
            rejected += 1
            continue
        price = match(book, order)
        if price is not None:
            fills += 1
            bus.publish({"day": day, "n": n, "px": price, "qty": order[2]})
    time.sleep(640)
    return fills, rejected


def main():
    rng = random.Random(404)
    emit("info", "replay.start", days=10, venue="XLAB")
    bus = Bus(OUT / "journal.jsonl")
    total = 0
    for day in range(10):
        fills, rejected = replay(bus, day, rng)
        total += fills
        emit("info", "replay.day", day=day, fills=fills, rejected=rejected, errors=0)
        if day == 3:
            emit("warn", "feed.gap", missing_ms=140, action="interpolated")
    (OUT / "stats.json").write_text(json.dumps({"days": 10, "fills": total}))
    bus.close()
    emit("info", "replay.end", fills=total, wrote=["journal.jsonl", "stats.json"])


main()
