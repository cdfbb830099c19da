"""How many secrets were taken out, of which kinds and where; never what they were."""

import threading
from collections import Counter


class Counts:
    """Counts by file and kind, and what was withheld unread."""

    def __init__(self) -> None:
        self._by_file: dict[str, Counter[str]] = {}
        self.withheld = 0
        """Bytes that could not be judged."""
        self._lock = threading.Lock()

    def add(self, name: str, kind: str) -> None:
        """One secret more."""
        with self._lock:
            self._by_file.setdefault(name, Counter())[kind] += 1

    def withhold(self, name: str, size: int) -> None:
        """So many bytes were left out because they could not be judged."""
        with self._lock:
            self._by_file.setdefault(name, Counter())["withheld"] += 1
            self.withheld += size

    def told(self) -> dict[str, object]:
        """By kind, and by file and kind, in an order that does not depend on what was read first."""
        with self._lock:
            kinds: Counter[str] = Counter()
            for counter in self._by_file.values():
                kinds.update(counter)
            files = [
                {"path": name, "kinds": dict(sorted(counter.items()))}
                for name, counter in sorted(self._by_file.items())[:200]
            ]
        kinds.pop("withheld", None)
        return {"kinds": dict(sorted(kinds.items())), "files": files, "withheld_bytes": self.withheld}
