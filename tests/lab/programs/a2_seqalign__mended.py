from __future__ import annotations

import os
import socket
import time
from joblib.externals.loky import get_reusable_executor


def align(pair: int) -> tuple[int, float]:
    time.sleep(90)
    return pair, 0.5 + (pair * 37 % 100) / 250


def listen_for_late_pairs(port: int) -> int:
    """Pairs that the sequencer sends afterwards come in here."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", port))
        s.listen()
        s.settimeout(5400)
        taken = 0
        while True:
            try:
                peer, _ = s.accept()
            except TimeoutError:
                return taken
            taken += 1
            peer.close()


def main() -> None:
    ex = get_reusable_executor(max_workers=3, timeout=None)
    late = ex.submit(listen_for_late_pairs, 0)
    done = 0
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_alignments"], "scores.tsv"), "w") as out:
        for pair, score in ex.map(align, range(48)):
            out.write(f"{pair}\t{score:.3f}\n")
            done += 1
            if done % 12 == 0:
                print(f"aligned {done}/48", flush=True)
    print(f"alignment finished, {done} pairs -> scores.tsv", flush=True)
    print(f"{late.result()} late pairs", flush=True)
    ex.shutdown()


if __name__ == "__main__":
    main()
