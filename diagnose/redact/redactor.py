"""Takes the secrets out of everything that is known about one run."""

import logging
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress

from diagnose.evidence.engines import Engine, engine_for
from diagnose.evidence.store import Store
from diagnose.redact import jsonstruct, lines, policy
from diagnose.redact.counts import Counts
from diagnose.redact.known import KNOWN
from diagnose.redact.literals import Literals
from diagnose.redact.look import look
from diagnose.redact.nominating import nominated
from diagnose.redact.personal import personal
from diagnose.redact.regions import regions
from diagnose.redact.spans import Span, merged
from diagnose.redact.stream import through
from diagnose.redact.tokens import Tokens

_SMALL = 32 << 10
_MEMORY = 20_000
log = logging.getLogger(__name__)
_INSTANT = re.compile(r"[\d.,:TZ+\- ]{0,40}")


class Redactor:
    """One for a bundle: what it found in one file it takes out of the next. Thread-safe."""

    def __init__(
        self, chosen: policy.Policy | None = None, looking: Callable[[str], list[Span]] = look
    ) -> None:
        self._policy = chosen or policy.current()
        self._look = looking
        self._memory: dict[str, str] = {}
        self._lock = threading.Lock()
        self.tokens, self.literals, self.counts = Tokens(), Literals(), Counts()

    @property
    def is_off(self) -> bool:
        """Whether everything stays as it is."""
        return not self._policy.secrets and not self._policy.personal

    def stream(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces of the file `name` without its secrets; line numbers stay what they were."""
        return iter(pieces) if self.is_off else through(pieces, lambda data: self.spans(name, data))

    @property
    def looks_at_all(self) -> bool:
        """Whether nothing may be passed over that holds no sign of a secret."""
        return self._policy.personal

    def rows(self, name: str, rows: Iterable[bytes]) -> Iterator[bytes]:
        """Lines of JSON, redacted as JSON."""
        return iter(rows) if self.is_off else lines.cleaned(rows, name, self, every=self.looks_at_all)

    def sweep(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces without what was found in other files."""
        heads = engine_for(tuple(f"{re.escape(head)}" for head in self.literals.heads()))
        return through(pieces, lambda data: self._known_in(name, data, heads))

    @property
    def knows_any(self) -> bool:
        """Whether there is anything to sweep for."""
        return len(self.literals) > 0

    def text(self, name: str, value: str) -> str:
        """One text of an answer (a tag, a command, an error) without its secrets; `name` says which."""
        if self.is_off or len(value) < 4 or _INSTANT.fullmatch(value):
            return value
        kept = self._memory.get(value)
        if kept is None:
            kept = self._cleaned(name, value)
            with self._lock:
                if len(self._memory) < _MEMORY and len(value) < 1000:
                    self._memory[value] = kept
        return kept

    def value(self, name: str, value: object) -> object:
        """A value of a JSON document, redacted as JSON."""
        return value if self.is_off else jsonstruct.clean(value, name, self)

    def secret(self, name: str, value: str, kind: str) -> str:
        """The token for a value that is known to be secret."""
        token = self.tokens.token(kind, value)
        self._note(name, Span(0, len(value), kind, value), token)
        return token

    def spans(self, name: str, data: bytes) -> list[tuple[int, int, bytes]]:
        """What is to be put where in a block of bytes."""
        found: list[tuple[int, int, bytes]] = []
        places = range(0, len(data), 4096) if self._policy.personal else nominated(data)
        for start, end in regions(data, places):
            found += self._region(name, data, start, end)
        return _apart(found)

    def _known_in(self, name: str, data: bytes, heads: Engine) -> list[tuple[int, int, bytes]]:
        found: list[tuple[int, int, bytes]] = []
        places = [max(0, end - 1) for end, _ in heads.nominate(data)]
        for start, end in regions(data, places):
            found += self._region(name, data, start, end, lambda text: merged(self.literals.spans(text)))
        return _apart(found)

    def swept(self, name: str, text: str) -> str:
        """The text without what was found elsewhere by now."""
        return self._replaced(name, text, merged(self.literals.spans(text)))

    def settle(self, store: Store) -> None:
        """Read a store once, so that what stands in its last file is known when its first is written."""
        if self.is_off:
            return
        for member in store.names():
            with suppress(OSError, KeyError), store.open(member) as stream:
                while stream.read(_SMALL * 8):
                    pass

    def told(self) -> Mapping[str, object]:
        """What the record says of redaction."""
        return {
            "state": "on" if self._policy.secrets else "off",
            "personal": self._policy.personal,
            **self.counts.told(),
        }

    def _cleaned(self, name: str, value: str) -> str:
        if len(value) > _SMALL:
            pieces = [value.encode("utf-8", "surrogatepass")]
            return b"".join(self.stream(name, pieces)).decode("utf-8", "surrogatepass")
        data = value.encode("utf-8", "surrogatepass")
        known = [*self.literals.spans(value), *KNOWN.spans(value)]
        if not known and not self._policy.personal and next(nominated(data + b"\n"), None) is None:
            return value
        try:
            return self._replaced(name, value, self._found(value))
        except Exception:  # noqa: BLE001  (what cannot be judged is not shown)
            self.counts.withhold(name, 0, len(data))
            return "⟦withheld⟧" + "\n" * value.count("\n")

    def _found(self, text: str) -> list[Span]:
        found = self._look(text) if self._policy.secrets else []
        if self._policy.personal:
            found = [*found, *personal(text)]
        return merged(
            [*found, *self.literals.spans(text), *(KNOWN.spans(text) if self._policy.secrets else ())]
        )

    def _region(
        self, name: str, data: bytes, start: int, end: int, finding: Callable[[str], list[Span]] | None = None
    ) -> list[tuple[int, int, bytes]]:
        piece = data[start:end]
        text = piece.decode("utf-8", "surrogateescape")
        try:
            spans = (finding or self._found)(text)
        except Exception:  # noqa: BLE001  (what cannot be judged is not kept)
            self.counts.withhold(name, start, len(piece))
            return [(start, end, f"⟦withheld:{len(piece)} bytes⟧".encode() + b"\n" * piece.count(b"\n"))]
        ascii_only, result = len(text) == len(piece), []
        for span in spans:
            before = span.start if ascii_only else len(text[: span.start].encode("utf-8", "surrogateescape"))
            size = (
                span.end - span.start
                if ascii_only
                else len(text[span.start : span.end].encode("utf-8", "surrogateescape"))
            )
            new = self._said(name, span, text).encode("utf-8", "surrogateescape")
            result.append((start + before, start + before + size, new))
        return result

    def _replaced(self, name: str, text: str, spans: list[Span]) -> str:
        pieces, done = [], 0
        for span in spans:
            pieces += [text[done : span.start], self._said(name, span, text)]
            done = span.end
        return "".join([*pieces, text[done:]])

    def _said(self, name: str, span: Span, text: str) -> str:
        realm = "personal" if span.kind in {"email", "ip-address", "user-name"} else "secret"
        token = self.tokens.token(span.kind, span.value, realm)
        self._note(name, span, token)
        return token + "\n" * text.count("\n", span.start, span.end)

    def _note(self, name: str, span: Span, token: str) -> None:
        self.counts.add(name, span.kind, token)
        if span.sure and self._policy.secrets:
            before = len(self.literals)
            self.literals.add(span.value, span.kind)
            KNOWN.add(span.value, span.kind)
            if len(self.literals) != before:
                with self._lock:
                    self._memory.clear()


def _apart(found: list[tuple[int, int, bytes]]) -> list[tuple[int, int, bytes]]:
    """Windows overlap: of two finds that do the first stays and grows over both."""
    result: list[tuple[int, int, bytes]] = []
    for start, end, new in sorted(found, key=lambda each: (each[0], -each[1])):
        if result and start < result[-1][1]:
            if end > result[-1][1]:
                first = result[-1]
                extra = max(0, new.count(b"\n") - first[2].count(b"\n"))
                result[-1] = (first[0], end, first[2] + b"\n" * extra)
        else:
            result.append((start, end, new))
    return result
