"""How many secrets were taken out, of which kinds and where; never what they were."""

import threading
from collections import Counter

_FILES = 200
DRAWN = ("verdict", "scan")
"""What is made out of the evidence and is no file of it."""


class Counts:
    """Distinct secrets by file and kind, and what was withheld unread. A file that is read again counts once."""

    def __init__(self) -> None:
        self._by_file: dict[str, dict[str, str]] = {}
        self._withheld: dict[tuple[str, int], int] = {}
        self._lock = threading.Lock()

    def add(self, name: str, kind: str, token: str) -> None:
        """One secret more, by the token that stands for it."""
        if name not in DRAWN:
            with self._lock:
                self._by_file.setdefault(name.partition(":")[0], {})[token] = kind

    def withhold(self, name: str, place: int, size: int) -> None:
        """So many bytes were left out because they could not be judged."""
        with self._lock:
            self._withheld[name, place] = size

    @property
    def withheld(self) -> int:
        """Bytes that could not be judged."""
        return sum(self._withheld.values())

    def told(self) -> dict[str, object]:
        """By kind, and by file and kind, in an order that does not depend on what was read first."""
        with self._lock:
            kinds = Counter(kind for found in self._by_file.values() for kind in found.values())
            files = [
                {"path": name, "kinds": dict(sorted(Counter(found.values()).items()))}
                for name, found in sorted(self._by_file.items())[:_FILES]
            ]
        return {"kinds": dict(sorted(kinds.items())), "files": files, "withheld_bytes": self.withheld}
