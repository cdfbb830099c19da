"""Values that a name gives away: `password=…`, `"apiKey": "…"`, `--token …`, in every quoting."""

import re
from collections.abc import Iterator

from diagnose.redact.names import Trust, trust_of
from diagnose.redact.spans import Span
from diagnose.redact.stoplist import is_code, is_stand_in, speaks_of_words, words_of

LONGEST = 4096
KEYWORDS = (
    "passw|passphrase|passcode|passwd|pswd|pwd|kennwort|mot.?de.?passe|mdp|contrase|senha|wachtwoord|parola|has(?:ł|l)o|парол"
    "|密码|パスワード|heslo|salasana|geheim|jeton|clave|llave|schl(?:ü|ue)ssel|zugangs|clé|segredo|chave"
    "|secret|token|key|credential|conn(?:ection)?[_. -]?str|auth|cookie|sig|session|bearer|sas|webhook|dsn|jwt|otp|(?<![a-z])sid(?![a-z])|tok(?![a-z])|requirepass|device_code|pass|pw|pat|creds?|pin"
)
_NAME = re.compile(rf"(?:{KEYWORDS})", re.IGNORECASE)
_NAME_CHARS = re.compile(r"[\w.$\-]*")
_BEFORE = re.compile(r"[\w.$\-]*\Z")
_CLOSE = r"[\"'`\]]{0,3}"
_TYPED = r"(?:\s{0,4}:\s{0,2}(?:Optional\[)?(?:str|bytes|string|SecretStr|Any|Final)\]?(?:\s{0,2}\|\s{0,2}None)?(?=\s{0,4}=))?"
_SEPARATOR = re.compile(
    rf"(?P<close>{_CLOSE}){_TYPED}(?P<sep>[ \t]{{0,40}}(?:=>|:=|===?|->|=|:|→|：|(?<=\s)\|(?=\s))\s{{0,60}}"
    r"|[ \t]{0,4},[ \t\n]{0,20}(?:[\"']?(?:value|val|data)[\"']?\s{0,4}[=:]\s{0,4})?(?=[\"'])"
    r"|[\"']\s{1,20}(?:value|content)\s{0,4}=\s{0,4}(?=[\"'])"
    r"|\s{0,40}\n\s{0,40}[\"']?value[\"']?\s{0,4}:\s{0,4}"
    r"|></?!\[CDATA\[|><!\[CDATA\[|</\w{1,20}>\s{0,20}<\w{1,20}>|\(\s{0,4}(?:value\s{0,4}=\s{0,4})?(?=[\"'])|>(?![\s<])|\t+| +(?=[\"'](?![,\s:;.)\]]))| +(?:is|was|ist|est|es|lautet|sono|jest)[ :]+(?=[\"'`\S]))"
)
_NAMED = re.compile(
    r"(?:name|key|variable|env|param(?:eter)?|header)[\"']?\s{0,4}[=:]\s{0,4}[\"']?\Z", re.IGNORECASE
)
_BLOCK = re.compile(r"(?:!![a-z]{1,10}[ \t]+)?(?:[>|][+-]?[ \t]{0,4}\n[ \t]{0,40})?")
_LOOSE = re.compile(
    r"(?:[\"'\]]?(?: (?:for|für|fuer|pour|para|of|von|de|del|du|d['’][\wà-ÿ]{1,12}|api|API|value|wert|valor|valeur|prod|dev|root|admin|user)"
    r"(?: [\w@.\-]{1,20})?){1,2} ?[:=]{1,2} ?|[ \t]{0,2}(?:->|::|;|\[|\()[ \t]?|(?P<gap>\s{1,30}))[\"']?"
)
_ALONE = frozenset({"token", "tok", "apikey", "auth", "authtoken", "bearer"})
_WRAPPED = re.compile(
    r"(?:[A-Za-z_.]{0,20}(?:Secret|SecretStr|Token|Password)\w{0,10}\()?(?:[bBrRuUfF]{1,2}(?=[\"']))?"
)
_QUOTED = re.compile(
    r"(?P<quote>\"\"\"|'''|[\"'`])(?P<value>(?:\\.|(?!(?P=quote))[^\\\n]){0,4096})(?P=quote)?"
)
_BARE = re.compile(r"[^\s\"'`<>⟦]{1,4096}")
_NEXT = re.compile(r"[;&,|](?=\s|$|[\w.\-\s]{1,60}[=:]|[\"'}\])])")
_FLAG = re.compile(
    r"(?P<name>--?[A-Za-z][\w\-]{0,60})(?P<sep>[ \t]+|\"\s{0,4},\s{0,20}\"|'\s{0,4},\s{0,20}')(?P<value>[^\s\"'`<>⟦-][^\s\"'`⟦]{0,4095}|\"[^\"\n]{1,4096}\"|'[^'\n]{1,4096}')"
)
_SCHEME = re.compile(
    r"(?:Bearer|Basic|Digest|Token|ApiKey|Negotiate|SharedKey(?:Lite)?|SharedAccessSignature|key)\s+(?=\S)",
    re.IGNORECASE,
)
_PROSE = re.compile(r"[ \t]+(?:[a-z]{2,}|\()")
_LETTERS = re.compile(r"[A-Za-z][a-z]*(?:[-_./][A-Za-z]+)*[.,;:!?]?")


def keyed(text: str) -> Iterator[Span]:
    """Every value in the text that its name makes a secret."""
    yield from _flags(text)
    done = 0
    for match in _NAME.finditer(text):
        if match.start() < done:
            continue
        end = _NAME_CHARS.match(text, match.end(), match.end() + 80).end()  # type: ignore[union-attr]
        begin = _BEFORE.search(text, max(done, match.start() - 80), match.start()).start()  # type: ignore[union-attr]
        name = _trimmed(text[begin:end])
        done = max(done, match.end())
        trust = trust_of(name)
        if trust is Trust.NONE or (trust is Trust.WEAK and speaks_of_words(text[max(0, begin - 20) : begin])):
            done = max(done, end)
            continue
        if found := _valued(text, begin + len(name), name, trust):
            yield found
            done = max(done, found.end)


def _trimmed(name: str) -> str:
    return name.rstrip(".-")


def _valued(text: str, end: int, name: str, trust: Trust) -> Span | None:
    after = _SEPARATOR.match(text, end)
    if after is None:
        return _loose(text, end, name, trust)
    sep, place = after["sep"].strip(), after.end()
    if sep.startswith(",") and not after["close"]:
        return None
    if block := _BLOCK.match(text, place):
        place = block.end()
    place = _WRAPPED.match(text, place).end()  # type: ignore[union-attr]
    quoted = _QUOTED.match(text, place)
    if quoted:
        return _quoted(quoted, name, trust, sep, text)
    if sep == "->":
        return _loose(text, end, name, trust)
    if sep in {"", "==", "==="} and not (sep == "" and after["sep"].startswith("\t")):
        return None
    scheme = _SCHEME.match(text, place)
    place = scheme.end() if scheme else place
    return _bare(text, place, name, max(trust, Trust.MEDIUM) if scheme else trust, after)


def _loose(text: str, end: int, name: str, trust: Trust) -> Span | None:
    """`password hunter2`, `mot de passe pour sa : …`: only where the value can be nothing else."""
    after = _LOOSE.match(text, end)
    match = _BARE.match(text, after.end()) if after else None
    if after is None or match is None:
        return None
    value = _balanced(match[0])
    least = 8 if after["gap"] is None or trust is Trust.STRONG else 20
    if trust is Trust.WEAK:
        if name.lower() not in _ALONE:
            return None
        least = 32
    is_one = any(map(str.isdigit, value)) and any(map(str.isalpha, value)) and not _is_id_of_a_thing(value)
    if len(value) < least or not is_one or is_code(value) or _is_path(value) or _is_address(value):
        return None
    return _span(
        match.start(), match.start() + len(value), value, name, max(trust, Trust.MEDIUM), is_quoted=False
    )


def _is_id_of_a_thing(value: str) -> bool:
    return (
        _is_id(value)
        or bool(re.search(r"[=(){}\[\]]|://|:\d+$", value))
        or bool(re.fullmatch(r"[\d.,:xX/%\-]+[a-zA-Z]{0,6}", value))
    )


def _quoted(match: re.Match[str], name: str, trust: Trust, sep: str, text: str) -> Span | None:
    value, start, end = match["value"], match.start("value"), match.end("value")
    if scheme := _SCHEME.match(value):
        value, start = value[scheme.end() :], start + scheme.end()
    if sep == ":" and text[match.start() - 1 : match.start()] == ":" and trust is Trust.WEAK:
        return None
    return _span(start, end, value, name, trust, is_quoted=True)


def _bare(text: str, place: int, name: str, trust: Trust, after: re.Match[str]) -> Span | None:
    match = _BARE.match(text, place)
    if match is None:
        return None
    value = match[0]
    if stop := _NEXT.search(value):
        value = value[: stop.start()]
    if ";" in value and "connection" not in name.lower() and "conn" not in name.lower():
        value = value[: value.index(";")]
    value = _balanced(value)
    if is_code(value) or value.startswith(("[", "{")):
        return None
    gap = after["sep"]
    spaced = gap.strip() in {":", "", "|", "="} and gap[-1:].isspace()
    is_prose = (
        spaced
        and bool(_LETTERS.fullmatch(value))
        and (bool(_PROSE.match(text, place + len(value))) or (gap.strip() != "=" and trust < Trust.STRONG))
    )
    if is_prose or (
        gap.strip() in {"is", "was", "ist", "est", "es", "lautet", "sono", "jest"}
        and _LETTERS.fullmatch(value)
    ):
        return None
    return _span(place, place + len(value), value, name, trust, is_quoted=False)


def _balanced(value: str) -> str:
    while (
        value
        and value[-1] in ")]},;."
        and not (value[-1] in ")]}" and value.count("([{"[")]}".index(value[-1])]) >= value.count(value[-1]))
    ):
        value = value[:-1]
    return value


def _span(start: int, end: int, value: str, name: str, trust: Trust, *, is_quoted: bool) -> Span | None:  # noqa: PLR0913
    if not is_secret_value(value, name, trust, is_quoted=is_quoted):
        return None
    return Span(start, end, kind_of(name), value, sure=is_random(value) and len(value) >= 8)


def is_secret_value(value: str, name: str, trust: Trust, *, is_quoted: bool = True) -> bool:
    """Whether what stands under such a name is a secret, and no word, path or place for one."""
    if len(value) < 3 or is_stand_in(value) or _echoes(value, name):
        return False
    if trust is Trust.STRONG:
        return not _is_path(value) and not (not is_quoted and value.isdigit() and len(value) < 4)
    if _is_path(value) or _is_address(value):
        return False
    if trust is Trust.MEDIUM:
        if "sess" in name.lower() and _is_id(value):
            return False
        return (
            len(value) >= 5
            and not _is_number(value)
            and (" " not in value.strip() or is_random(value))
            and not _is_words(value)
        )
    return len(value) >= 8 and is_random(value) and not _is_id(value) and " " not in value


def _echoes(value: str, name: str) -> bool:
    """`password=password`, `token=hf_token`: a variable of the same name."""
    said = words_of(value)
    return (
        bool(said)
        and value.isidentifier()
        and not any(c.isdigit() for c in value)
        and said[-1] in [*words_of(name), "secret", "password", "token"]
        and (len(said) > 1 or value.lower() in name.lower())
    )


def _is_path(value: str) -> bool:
    if len(value) >= 24 and not set(value) & set("._-~:\\") and is_random(value) and value != value.lower():
        return False
    return bool(
        re.match(r"(?:\.{0,2}/[\w.\-]+(?:/|$)|~/|[A-Za-z]:[\\/]|[\w.\-]+(?:/[\w.\-]+)+\.\w{1,5}$)", value)
    ) and not re.search(r"[+=]", value)


def _is_address(value: str) -> bool:
    return bool(re.match(r"[a-z][a-z0-9+.\-]{1,20}://", value)) and "@" not in value


def _is_number(value: str) -> bool:
    return bool(re.fullmatch(r"[\d.,eE+\-:TZ/ %]+", value))


def _is_words(value: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z][a-z]*(?:[-_.:/ ]?[A-Z]?[a-z]+)*", value)) and len(value) < 40


def _is_id(value: str) -> bool:
    return bool(
        re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", value, re.IGNORECASE)
        or re.fullmatch(r"(?:sha\d+[-:])?[0-9a-f]{7,64}", value)
        or re.fullmatch(r"0x[0-9A-Fa-f]+", value)
        or re.fullmatch(r"[a-z_]+\d{0,3}(?:[/.:_-][a-z0-9_]{0,12}){1,12}", value)
    )


def is_random(value: str) -> bool:
    """Whether a value is no word: letters with digits, or both cases mixed, or with signs."""
    has = [any(map(test, value)) for test in (str.isdigit, str.islower, str.isupper)]
    signs = any(not c.isalnum() and c not in " _-./" for c in value)
    return (
        (has[0] and (has[1] or has[2]))
        or (sum(has) + signs >= 2 and signs)
        or (len(value) >= 16 and has[1] and has[2] and not _is_words(value))
    )


def kind_of(name: str) -> str:
    """The kind of secret that a name speaks of, as a token calls it."""
    words = words_of(name)
    for word, kind in (
        ("cookie", "cookie"),
        ("connection", "connection-string"),
        ("token", "token"),
        ("key", "key"),
        ("secret", "secret"),
    ):
        if word in words or any(each.endswith(word) for each in words):
            return kind
    return "password" if any(each in {"sig", "signature"} for each in words) is False else "signature"


def _flags(text: str) -> Iterator[Span]:
    if "-" not in text:
        return
    for match in _FLAG.finditer(text):
        name = match["name"].lstrip("-")
        trust = trust_of(name)
        if trust is Trust.NONE:
            continue
        value, start = match["value"], match.start("value")
        if value[0] in "\"'":
            value, start = value[1:-1], start + 1
        if is_code(value):
            continue
        value = value.rstrip(",;)]")
        if found := _span(start, start + len(value), value, name, max(trust, Trust.WEAK), is_quoted=False):
            yield found
