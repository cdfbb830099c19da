"""A folder: the report and the comment as files beside one another, named after the run and the verdict."""

from collections.abc import Callable, Sequence
from pathlib import Path

from diagnose.deliver.file import write_file
from diagnose.deliver.tickets.parcel import File, mark_in
from diagnose.deliver.tickets.rehearsal import shown
from diagnose.deliver.tickets.sink import DeliveryError, Found, Note
from diagnose.deliver.tickets.ticket import Ticket
from diagnose.deliver.tickets.words import markdown_of
from diagnose.errors import DiagnoseError


class Folder:
    """A folder as a ticket; it is made when it is not there. `show` is for a rehearsal, which writes nothing."""

    forms: tuple[str, ...] = ("html",)

    def __init__(self, ticket: Ticket, show: Callable[[str], None] | None = None) -> None:
        self._folder, self._show = Path(ticket["id"]), show

    def look(self) -> Sequence[Found]:
        try:
            names = sorted(each.name for each in self._folder.glob("diagnose[-.]*") if each.is_file())
        except OSError as error:
            raise DeliveryError(
                f"{self._folder} cannot be read: {error.strerror or error}. Name another folder."
            ) from error
        return [
            Found("comment" if name.endswith(".md") else "file", name, mark)
            for name in names
            if (mark := mark_in(name.removesuffix(".md"))) is not None
        ]

    def limit(self) -> int | None:
        return None

    def send(self, note: Note, file: File | None, earlier: Found | None) -> str:
        if file:
            self._write(file.name, file.data)
        name = f"{str(note.mark).replace(':', '.')}.md"
        self._write(name, markdown_of(note).encode("utf-8", "replace"))
        if earlier and earlier.id != name:
            self.drop(earlier)
        return str(self._folder / (file.name if file else name))

    def drop(self, found: Found) -> None:
        try:
            (self._folder / found.id).unlink(missing_ok=True)
        except OSError as error:
            raise DeliveryError(
                f"{self._folder / found.id} cannot be removed: {error.strerror or error}."
            ) from error

    def _write(self, name: str, data: bytes) -> None:
        if self._show:
            self._show(shown(f"write {self._folder / name} ({len(data):,} bytes)"))
            return
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_file(self._folder / name, data.decode())
        except OSError as error:
            raise DeliveryError(
                f"{self._folder} cannot be made: {error.strerror or error}. Name another folder."
            ) from error
        except DiagnoseError as error:
            raise DeliveryError(str(error)) from error
