"""Which lines of a block deserve the expensive look: one pass of the engine that the rules use."""

import re
import threading
from collections.abc import Iterator
from functools import cache

from diagnose.evidence.engines import Engine, engine_for
from diagnose.redact.encoded import NOMINATES, WIDE
from diagnose.redact.shapes import SHAPES
from diagnose.redact.structures import STRUCTURES

_STRONG = (
    "passw|passphrase|passcode|pswd|pwd|kennwort|mot.?de.?passe|mdp|contrase|senha|wachtwoord|parola|has(ł|l)o|парол"
    "|密码|パスワード|heslo|salasana|geheim|secret|cred|api.?key|conn(ection)?[_. -]?str|cookie|_pass|pass"
)
_OTHERS = "token|key|jeton|clave|llave|schl(ü|ue)ssel|clé|segredo|chave|auth|sig|session|sess?id|bearer|sas|webhook|dsn|jwt|otp|pw|pat|pin|sid|tok|device_code"
_SEPARATED = r"[A-Za-z0-9_.$\x80-\xff-]{0,40}[\\\"'`\]]{0,8}\s{0,8}(=|:|,|\||>|&|\t|\\[tnr]|：|→|is |was |ist |est |es |lautet |sono |jest |\(|<|\")\s{0,8}"
KEYED = (
    rf"(?i)({_STRONG}){_SEPARATED}[^\s]{{0,3}}[^\s]{{3}}",
    rf"(?i)({_OTHERS}){_SEPARATED}[^\s]{{6}}",
    rf"(?i)({_STRONG})[A-Za-z0-9_.$\x80-\xff-]{{0,24}}[\\\"'`\]]{{0,4}}[ \t]{{0,4}}(=|:|,|=>|:=)?[ \t]{{0,4}}[>|]?[+-]?[ \t\r]{{0,8}}\n",
    rf"(?i)({_OTHERS})[A-Za-z0-9_.$\x80-\xff-]{{0,24}}[\\\"'`\]]{{0,4}}[ \t]{{0,4}}(=|:|,|=>|:=)[ \t]{{0,4}}[>|]?[+-]?[ \t\r]{{0,8}}\n",
    r"(?i)name[\"']?[ \t]{0,3}[:=][ \t]{0,3}[\"']?[A-Za-z0-9_.-]{0,40}(token|key|auth|sas|jwt|pat)[\"']?,?[ \t\r]{0,8}\n",
    rf"(?i)({_STRONG}|api.?key|_key|token|auth)[A-Za-z0-9_]{{0,12}}[ \t]{{1,4}}[^\s]{{0,20}}[0-9][^\s]{{5}}",
    rf"(?i)({_STRONG}|_key|token|jeton|cl(é|e))[A-Za-z0-9_]{{0,12}} (for|f(ü|ue)r|pour|para|of|von|del?|du|d'|api|value|wert|valor|valeur|prod|dev|root|admin|user)[^\n]{{0,40}}[:=]",
    rf"(?i)({_STRONG})[A-Za-z0-9_\x80-\xff]{{0,12}}[ \t]{{0,2}}[:;(\[>-]{{1,2}} ?[^\s]{{0,20}}[0-9]",
    rf"(?i)--[A-Za-z0-9_-]{{0,30}}({_STRONG}|{_OTHERS})[A-Za-z0-9_-]{{0,20}}[ \t]+[^\s]{{4}}",
    rf"(?i)-({_STRONG}|{_OTHERS})[A-Za-z0-9_-]{{0,20}}[ \t]+[^\s]{{4}}",
)
ESCAPED = (
    r"\\u0[0-9a-fA-F]{3}",
    r"\\x[2-7][0-9a-fA-F]",
    r"%[2-7][0-9a-fA-F]%?[0-9a-zA-Z]",
    r"&(quot|amp|apos|#)",
)
BLOCKS = (r"-----BEGIN [A-Z ]{0,40}(PRIVATE|MESSAGE)", r"Private-Lines: \d")
_HIDDEN = re.compile(
    rb"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\x07\x1b\n]{0,2048}(?:\x07|\x1b\\)|[ -/]{1,4}[0-~]|[@-Z\\^_`a-z])|[\x00\x1b]"
)
UNSEEN = (
    r"\xe2\x80[\x8b-\x8f\xaa-\xae]",
    r"\xe2\x81[\xa0-\xa9]",
    r"[^\s]\xef\xbb\xbf",
    r"\xc2\xad",
    r"\xe1\xa0\x8e",
    r"\\(u001[bB]|x1[bB]|033|e)\[[0-9;]{0,20}m",
)
"""What nobody sees, beside terminal codes, which are too common for each line that has some to be looked at."""
_OPTIONAL = re.compile(r"(?:=\{0,2\}|\(\?:-\\d\{1,2\}\)\?|\[A-Za-z0-9_.-\]\*|\(\?:[^()]*\)\{0,3\}|X\?)$")
_OWN = threading.local()


@cache
def expressions() -> tuple[str, ...]:
    """All that is looked for, without open ends, which would be reported again at every further character."""
    wanted = [each.regex for each in SHAPES] + [each.nominates for each in STRUCTURES]
    return tuple(map(_closed, dict.fromkeys([*wanted, *KEYED, *ESCAPED, *UNSEEN, *BLOCKS, NOMINATES, WIDE])))


def _closed(regex: str) -> str:
    shorter = _OPTIONAL.sub("", regex)
    return re.sub(r"\(\?:", "(", re.sub(r"\{(\d+),\d*\}$", r"{\1}", shorter))


def engine(name: str | None = None) -> Engine:
    """The engine of this thread: the space in which it works serves one at a time."""
    engines: dict[str | None, Engine] = _OWN.__dict__.setdefault("engines", {})
    if name not in engines:
        engines[name] = engine_for(expressions(), name)
    return engines[name]


def nominated(data: bytes) -> Iterator[int]:
    """Places in the block, in order, near each of which something may stand."""
    last = -1
    for end, _number in engine().nominate(data):
        if end > last:
            yield end - 1
            last = end
    if b"\x1b" in data or b"\0" in data:
        yield from _behind_codes(data)


def _behind_codes(data: bytes) -> Iterator[int]:
    """The same without terminal codes and what nobody sees: the line's start stands for the place."""
    clean = _HIDDEN.sub(b"", data)
    if len(clean) == len(data):
        return
    place = line_at = 0
    for end, _number in engine().nominate(clean):
        if end <= place:
            continue
        for _ in range(clean.count(b"\n", place, end - 1)):
            line_at = data.find(b"\n", line_at) + 1
        place = end - 1
        stop = clean.find(b"\n", place)
        yield from _steps(data, line_at)
        if stop < 0:
            return
        for _ in range(clean.count(b"\n", place, stop)):
            line_at = data.find(b"\n", line_at) + 1
        place = stop


def _steps(data: bytes, start: int) -> Iterator[int]:
    """A place in every few KiB of the line that begins there."""
    stop = data.find(b"\n", start)
    yield from range(start, max(start + 1, stop if stop >= 0 else len(data)), 4096)
