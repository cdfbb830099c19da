"""How fast logs are redacted, against copying the same bytes and against one `re` of the same patterns.

    python tests/benchmarks/bench_redact.py [MB]

CPU seconds, best of three; one core.
"""

import random
import re
import sys
import time

from diagnose.redact.nominating import engine, expressions
from diagnose.redact.redactor import Redactor


def log(megabytes, secret_in=0, coloured=False):
    """A training log; one in `secret_in` lines holds a made secret."""
    rng, lines = random.Random(1), []
    for n in range(20_000):
        at = f"2026-11-20 {8 + n // 3600 % 16:02}:{n // 60 % 60:02}:{n % 60:02},{n % 1000:03}"
        said = rng.choice(
            (
                f"INFO train.py:120 epoch {n // 500} step {n} loss={rng.random():.4f} lr=1.0e-04 acc={rng.random():.3f} tokens/s: {n}",
                f"DEBUG mount /mnt/azureml/cr/j/{rng.getrandbits(128):032x}/exe/wd/outputs/checkpoint-{n}",
                f"  {n % 100}%|{'█' * (n % 10)}| {n}/20000 [00:{n % 60:02}<00:{60 - n % 60:02}, 31.{n % 10}it/s]",
                f"WARNING worker {n % 8}: batch of {n} rows took {rng.random():.2f} s, run amber_plum_{rng.getrandbits(40):010x}",
            )
        )
        if coloured:
            said = f"\x1b[32m{said}\x1b[0m"
        if secret_in and n % secret_in == 0:
            said += f" password=Aa1{rng.getrandbits(40):010x}"
        lines.append(f"{at} {said}\n")
    data = "".join(lines).encode()
    return data * max(1, (megabytes << 20) // len(data))


def best(work, data):
    seconds = []
    for _ in range(3):
        begun = time.process_time()
        work(data)
        seconds.append(time.process_time() - begun)
    return len(data) / min(seconds) / 1e6


def pieces(data, size=256 << 10):
    return (data[at : at + size] for at in range(0, len(data), size))


def redact(data):
    for _ in Redactor().stream("bench", pieces(data)):
        pass


def copied(data):
    return b"".join(pieces(data))


def by_re(data):
    anchor = re.compile(
        "|".join(f"(?:{each.removeprefix('(?i)')})" for each in expressions()).encode(), re.IGNORECASE
    )
    return sum(1 for _ in anchor.finditer(data[: 1 << 20])) and None


def main():
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 64
    begun = time.process_time()
    engine()
    print(f"patterns compiled in {time.process_time() - begun:.2f} s")  # noqa: T201
    plain = log(megabytes)
    print(f"copying                  {best(copied, plain):8.0f} MB/s")  # noqa: T201
    print(f"ordinary log             {best(redact, plain):8.0f} MB/s")  # noqa: T201
    print(f"coloured log             {best(redact, log(megabytes // 4, coloured=True)):8.0f} MB/s")  # noqa: T201
    print(f"a secret in 1000 lines   {best(redact, log(megabytes // 4, 1000)):8.0f} MB/s")  # noqa: T201
    print(f"a secret in every line   {best(redact, log(1, 1)):8.1f} MB/s")  # noqa: T201
    small = plain[: 1 << 20]
    print(f"one re of all patterns   {best(by_re, small):8.1f} MB/s")  # noqa: T201


if __name__ == "__main__":
    main()
