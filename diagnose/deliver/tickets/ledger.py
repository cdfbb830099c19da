"""What was sent where nothing can be looked up afterwards: a line on this machine for each run and address."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from diagnose.deliver.file import write_file
from diagnose.deliver.tickets.parcel import Mark, mark_in
from diagnose.deliver.tickets.sink import Found
from diagnose.errors import DiagnoseError


class Ledger:
    """The marks of what went to one address. They are digests; no address and no run can be read from them."""

    def __init__(self, address: str, environ: Mapping[str, str] | None = None) -> None:
        told = os.environ if environ is None else environ
        state = (
            told.get("XDG_STATE_HOME") or told.get("LOCALAPPDATA") or str(Path.home() / ".local" / "state")
        )
        name = hashlib.sha256(address.lower().encode("utf-8", "replace")).hexdigest()[:24]
        self._path = Path(state) / "diagnose" / "sent" / f"{name}.json"

    def marks(self) -> dict[str, Mark]:
        """The latest mark of each run; none where nothing was kept, or it cannot be read."""
        try:
            kept = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        marks = [mark_in(each) for each in kept if isinstance(each, str)] if isinstance(kept, list) else []
        return {mark.run: mark for mark in marks if mark}

    def look(self) -> Sequence[Found]:
        """The same as what a ticket would show."""
        return [
            Found("comment", "", Mark(mark.run, mark.verdict, mark.at, "none"))
            for mark in self.marks().values()
        ]

    def keep(self, mark: Mark) -> bool:
        """Write it down; False when that cannot be, and the same report would be sent again."""
        marks = self.marks() | {mark.run: mark}
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_file(self._path, json.dumps([str(each) for each in marks.values()]))
        except (OSError, DiagnoseError):
            return False
        return True
