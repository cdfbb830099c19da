"""What looks like a secret and is none: words of machine learning, names of things, places where a value will be put."""

import re
from collections.abc import Sequence

_QUALIFIERS = frozenset(
    """
    name names id ids type types count counts length len size sizes file files path paths dir folder directory url uri
    urls endpoint policy version versions ref refs reference scope scopes expiry expires expiration expired ttl lifetime
    format field fields index indices mask masks limit limits usage budget prefix suffix required hint enabled disabled
    manager provider store vault dim dims num embedding embeddings loss ratio rate rates offset position positions
    status state error errors exception invalid missing method mode class kind source backend handler header algorithm
    alg algo rotation age created updated at on by per sec second seconds bits bytes label labels column columns arn
    issuer audience usages auc acc accuracy weight bias proj projection layer layers norm cache capabilities server
    service_name host port user username email regex pattern rule rules validator strength changed reset set list map
    dict space environ var variable variables mapping total generated processed seen left right remaining used latency
    time ms parallel parallelism group groups
    """.split()  # noqa: SIM905  (a list of words is read as one)
)
_BEFORE_TOKEN = frozenset(
    """
    unexpected invalid bad illegal missing expected
    num n nb max min pad padding eos bos unk sep cls mask special avg mean total prompt completion input output
    generated new per image vision patch class next last first current unknown start end stop begin single word sub byte
    char extra added additional reserved control decoder encoder forced suppress beginning audio video text target
    source context cached reasoning draft accepted rejected predicted valid train lookup continuation cancellation sync
    page top cross csrf_field eod bot eot newline whitespace separator delimiter syntax lexer
    """.split()  # noqa: SIM905  (a list of words is read as one)
)
_BEFORE_KEY = frozenset(
    """
    primary foreign sort partition row public cache dict state attention attn query idx index group merge join hash
    unique composite natural surrogate config metric metrics param parameter tag lookup routing blob object s3 file
    record map json yaml missing unexpected unknown invalid duplicate hot arrow pressed keyboard musical ssh_public
    registry_entry data sweep search_space column feature label value dataset image padding past shard batch batch_size
    best final result answer prng rng jax random dropout init sample weight weights child parent node env environ
    setting property first last next each any cross
    """.split()  # noqa: SIM905  (a list of words is read as one)
)
_PLACEHOLDERS = frozenset(
    """
    none null nil undefined true false yes no on off empty nan inf unset missing redacted hidden masked removed omitted
    secret password passwd token changeit required optional string str int bytes bool float object any dict list tuple
    anonymous default unknown invalid incorrect expired ok failed success wrong error not is was are has have and or for
    the a an of to in with from set given provided found rejected accepted valid enabled disabled auto interactive
    prompt env environment keyvault managed_identity managedidentity identity aad aadtoken account_key accountkey sas
    basic bearer digest negotiate ntlm value key user username login pwd pass xxx todo n/a na tbd placeholder example
    your_token your_key sha256 sha1 md5 rsa ed25519 aes hs256 rs256 es256 read write append create get put post self cls
    it this that here only must should will can cannot could refresh refreshed loaded loading acquired obtained using
    used via stored cached generated rotated revoked updated changed
    """.split()  # noqa: SIM905  (a list of words is read as one)
)
_STAND_INS = re.compile(
    r"[*x•#._\-?=~]{2,}|<[^<>]{0,80}>|\[[^\[\]]{0,80}\]|\{[^{}]{0,80}\}|\{\{.{0,120}\}\}|\$\{\{.{0,120}\}\}|\$\{?[\w.:\-]{1,80}\}?"
    r"|\$\(.{0,200}|%[\w]{1,60}%|%\([\w]{1,60}\)s|@[\w.\-]+\(.{0,200}|⟦.{0,200}|\.{3,}|…|-|redacted\b.{0,40}|\$env:\w+"
    r"|%[sdr]|\(.{0,60}\)?",
    re.IGNORECASE | re.DOTALL,
)
_CODE = re.compile(
    r"(?:await +|lambda\b|not +|new +)?"
    r"(?:[A-Za-z_][\w]{0,60}\.){0,8}[A-Za-z_]\w{0,60}(?:\(|\[)"
    r"|(?:os|self|cls|cfg|config|args|settings|env|environ|secrets|context|kwargs|params|getpass|conf|request|opts|options"
    r"|data|var|local|module|credential|credentials|process|steps|inputs|outputs|vars|parameters|str|typing|torch|np|jax)\.[A-Za-z_]"
)
_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-zà-ÿ]+|[A-Z]+|\d+|[^\W\d_a-zA-Z]+")


def words_of(name: str) -> list[str]:
    """The words of a name in any style: `clientSecret`, `CLIENT_SECRET`, `client-secret`."""
    return [word.lower() for word in _WORDS.findall(name)]


def is_harmless_name(words: Sequence[str], at: int, word: str) -> bool:
    """Whether a name that holds `word` at that place speaks of something else: its count, its file, its kind."""
    after, before = words[at + 1 :], words[:at]
    if after and after[-1] in _QUALIFIERS and not (len(after) == 1 and after[0] == "set"):
        return True
    if word in {"token", "tokens"} and any(each in _BEFORE_TOKEN for each in before[-2:]):
        return True
    return word == "key" and bool(before) and before[-1] in _BEFORE_KEY


def speaks_of_words(before: str) -> bool:
    """Whether what stands before `token` makes it a piece of text: `unknown token`, `next token`."""
    said = before.split()[-1:]
    return bool(said) and before[-1:] == " " and said[0].lower() in _BEFORE_TOKEN


def is_stand_in(value: str) -> bool:
    """Whether a value only says where one will be, or that there is none."""
    bare = value.strip().strip("'\"`,;.")
    return (
        not bare
        or bare.lower() in _PLACEHOLDERS
        or bool(_STAND_INS.fullmatch(bare))
        or "⟦" in bare
        or bare.startswith(("${", "{{", "$(", "%("))
    )


def is_code(value: str) -> bool:
    """Whether an unquoted value is an expression that yields one."""
    return bool(_CODE.match(value))
