"""Secrets that are known by where they stand: in an address, a header, a key block, a connection string, a command."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnose.redact.spans import Span
from diagnose.redact.stoplist import is_stand_in


@dataclass(frozen=True)
class Structure:
    """A place for a secret: texts one of which it holds (in lower case), and its pattern with a group `s`."""

    kind: str
    holds: tuple[str, ...]
    regex: str
    nominates: str
    """What the engine looks for."""
    sure: bool = True


def _pattern(regex: str) -> re.Pattern[str]:
    return re.compile(regex, re.IGNORECASE)


_END = r"[^\s\"'<>&⟦\\|,;)\]}]"
STRUCTURES = (
    Structure("sas-signature", ("sig=",), rf"[?&;](?:amp;)?sig=(?P<s>{_END}{{10,400}})", r"(?i)[?&;]sig="),
    Structure(
        "sas-signature",
        ("sig=",),
        r"(?:^|[\s\"'=;&?])sig=(?P<s>[A-Za-z0-9%+/_-]{30,400}={0,2})",
        r"(?i)\bsig=",
    ),
    Structure(
        "signature",
        ("signature=",),
        rf"(?:x-amz-|x-goog-|x-oss-|[?&])signature=(?P<s>{_END}{{10,1000}})",
        r"(?i)signature=",
    ),
    Structure(
        "security-token",
        ("security-token=",),
        rf"(?:x-amz-|x-goog-)security-token=(?P<s>{_END}{{10,4000}})",
        r"(?i)security-token=",
    ),
    Structure(
        "query-secret",
        ("=",),
        rf"[?&](?:amp;)?(?:code|key|api[_-]?key|access_token|id_token|refresh_token|client_secret|token|auth|password|pwd|secret|subscription-key|sas|session|state_token|ticket)=(?P<s>{_END}{{6,4000}})",
        r"(?i)[?&](code|key|api[_-]?key|access_token|id_token|refresh_token|client_secret|token|auth|password|pwd|secret|subscription-key|sas|session|ticket)=",
    ),
    Structure(
        "url-password",
        ("://",),
        r"[a-z][a-z0-9+.\-]{1,30}://[^\s/:@\"'<>?#]{0,200}:(?P<s>[^\s/\"'<>⟦?#][^\s\"'<>⟦/]{0,500}?)@(?=[\w.\[\-%]+)",
        r"://[^\s/:@]{0,60}:[^\s/]{1,60}@",
    ),
    Structure(
        "url-password",
        ("://",),
        r"[a-z][a-z0-9+.\-]{1,30}://[^\s/:@\"'<>?#]{0,200}:(?!\d{1,5}/)(?P<s>[^\s@\"'<>⟦]{1,200})@(?=[\w.\[\-]+(?:[:/\s\"'?,]|$))",
        r"://[^\s:@]{0,60}:[^\s@]{1,60}@",
    ),
    Structure(
        "url-token", ("://",), r"https?://(?P<s>[A-Za-z0-9_\-]{16,300})@[\w.\-]+", r"://[A-Za-z0-9_-]{16,80}@"
    ),
    Structure(
        "authorization",
        ("authorization", "x-auth", "x-ms-authorization"),
        r"authorization[\"'\]]{0,3}\s{0,4}(?:[:=,]|=>)\s{0,4}[bB]?[\"']?(?P<scheme>(?:bearer|basic|token|digest|apikey|sharedkey(?:lite)?|negotiate|key|splunk|genie\w+)\s+)?(?:[\w.\-]+:)?(?P<s>[^\s\"'<>⟦,;\\}\)]{6,8000})",
        r"(?i)authorization",
    ),
    Structure(
        "bearer",
        ("bearer",),
        r"bearer[\s:=]{1,4}[\"']?(?P<s>(?=[^\s]*\d)[A-Za-z0-9._~+/\-]{12,8000}=*)",
        r"(?i)bearer[\s:=]",
    ),
    Structure(
        "basic-auth",
        ("basic",),
        r"basic\s+(?P<s>[A-Za-z0-9+/]{12,2000}={0,2})(?![\w ])",
        r"(?i)basic\s+[A-Za-z0-9+/]{12}",
    ),
    Structure(
        "signature",
        ("signature=", "sharedkey"),
        r"(?:sharedkey(?:lite)?\s+[\w\-]+:|[ ,;]signature=[\"']?)(?P<s>[A-Za-z0-9+/_%\-]{20,2000}={0,2})",
        r"(?i)(sharedkey|[ ,;]signature=)",
    ),
    Structure(
        "password",
        ("pwd", "password"),
        r"(?:pwd|password)\s{0,3}=\s{0,3}\{(?P<s>(?:[^}\n]|\}\}){1,500})\}(?!\})",
        r"(?i)(pwd|password)\s{0,3}=",
    ),
    Structure(
        "curl-password",
        ("-u", "--user", "--proxy-user"),
        r"(?:curl|wget|http|https|az|mc|gsutil)\b[^\n]{0,400}?\s(?:-u|--user|--proxy-user)[ =]?[\"']?[^\s:\"']{1,100}:(?P<s>[^\s\"'⟦]{1,500})",
        r"(?i)\s(-u|--user|--proxy-user)[ =]?[\"']?[^\s:]{1,60}:",
    ),
    Structure(
        "login-password",
        (" -",),
        r"(?:login|sshpass|mysql\w{0,10}|mysqldump|psql|mongo\w{0,8}|redis-cli|ldapsearch|htpasswd|docker|podman|helm|7z|zip|smbclient|twine|az)\b[^\n]{0,200}?\s-(?:p|a|w|P)[ =]?[\"']?(?P<s>[^\s\"'⟦\-][^\s\"'⟦]{2,200})",
        r"(login|sshpass|mysql|mongo|psql|redis-cli|ldapsearch|htpasswd|docker|podman|helm|twine)[^\n]{0,100}\s-[paPw]",
    ),
    Structure(
        "netrc-password",
        ("login", "machine"),
        r"\blogin\s+\S{1,200}\s+(?:account\s+\S{1,100}\s+)?password\s+(?P<s>[^\s⟦]{1,500})",
        r"(?i)login\s+\S{1,100}\s+password",
    ),
    Structure(
        "pgpass",
        (":",),
        r"(?:^|[\s\"\'(>])[\w.\-*]{1,200}:(?:\d{2,5}|\*):[\w\-*]{1,100}:[\w.@\-*]{1,100}:(?P<s>(?=[^\s]{4,})[^\s:⟦]{1,500})(?=\s|$)",
        r"[\w.*-]{1,60}:(\d{4,5}|\*):[\w*-]{1,60}:[\w.@*-]{1,60}:[^\s:]{4}",
    ),
    Structure(
        "password",
        ("identified by", "password"),
        r"(?:identified\s+by|with\s+(?:encrypted\s+)?password|set\s+password(?:\s+for\s+\S{1,100})?(?:\s*=)?|password)\s+(?:password\s*\(\s*)?'(?P<s>[^'\n]{3,500})'",
        r"(?i)(identified\s+by|password)\s",
    ),
    Structure(
        "password",
        ("env ", "setx ", "password", "secret", "token", "key"),
        r"\b(?:env|arg|setx|export|set|setenv)\s+(?:\w{0,40}_)?(?:password|passwd|secret|token|api_?key|access_?key|secret_?key|pwd)\s+[\"']?(?P<s>[^\s\"'⟦=$%][^\s\"'⟦]{4,500})",
        r"(?i)(env|arg|setx|setenv)\s+\w{0,40}(password|passwd|secret|token|key|pwd)\s",
    ),
    Structure(
        "cookie",
        ("cookie",),
        r"\b(?:set-)?cookie[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?P<s>[\w.\-]{1,100}=[^\n\"'⟦]{6,8000})",
        r"(?i)cookie[\"']?\s{0,3}[:=]",
        sure=False,
    ),
    Structure(
        "docker-auth",
        ("auth",),
        r"[\"']auth[\"']\s{0,3}:\s{0,3}[\"'](?P<s>[A-Za-z0-9+/_=-]{12,4000})[\"']",
        r"[\"']auth[\"']\s{0,3}:",
    ),
    Structure(
        "npm-auth",
        ("_auth", "_password"),
        r"_(?:auth(?:token)?|password)\s{0,3}=\s{0,3}[\"']?(?P<s>[^\s\"'⟦$]{6,2000})",
        r"(?i)_(auth(token)?|password)\s{0,3}=",
    ),
    Structure(
        "private-key",
        ('"d"', "'d'"),
        r"[\"']d[\"']\s{0,3}:\s{0,3}[\"'](?P<s>[A-Za-z0-9_-]{40,1000})[\"']",
        r"[\"']d[\"']\s{0,3}:\s{0,3}[\"'][A-Za-z0-9_-]{40}",
    ),
    Structure("password-hash", ("{sha}",), r"\{sha\}(?P<s>[A-Za-z0-9+/]{27}=)", r"(?i)\{sha\}"),
    Structure(
        "sql-hash", ("0x0200", "0x0100"), r"(?P<s>0x0[12]00[0-9A-F]{48,140})", r"0x0[12]00[0-9A-Fa-f]{48}"
    ),
    Structure(
        "oauth-code",
        ("sentry.io", "@"),
        r"https?://(?P<s>[0-9a-f]{32})(?::[0-9a-f]{32})?@[\w.\-]+/\d+",
        r"://[0-9a-f]{32}[:@]",
    ),
    Structure(
        "logic-app-signature",
        ("/hooks/", "/webhook"),
        r"/(?:hooks|webhooks?|incomingwebhook)/(?P<s>[A-Za-z0-9_\-/@]{24,300})",
        r"(?i)/(hooks|webhooks?|incomingwebhook)/[A-Za-z0-9_/@-]{24}",
    ),
    Structure(
        "bootstrap-token",
        ("--token",),
        r"--token[ =](?P<s>[a-z0-9]{6}\.[a-z0-9]{16})\b",
        r"--token[ =][a-z0-9]{6}\.",
    ),
    Structure(
        "key",
        ("wandb",),
        r"wandb[. ]login[( ](?:\s*key\s*=\s*|--relogin\s+)?[\"']?(?P<s>[0-9a-f]{40}|[\w\-]{60,100})",
        r"wandb[. ]login",
    ),
    Structure(
        "key",
        ("username",),
        r"[\"']username[\"']\s*:\s*[\"'][^\"'\n]{0,100}[\"']\s*,\s*[\"']key[\"']\s*:\s*[\"'](?P<s>[0-9a-f]{32})",
        r"[\"']username[\"']",
    ),
    Structure(
        "password",
        ("securestring",),
        r"convertto-securestring\s+(?:-string\s+)?[\"'](?P<s>[^\"'\n]{3,500})[\"']",
        r"(?i)convertto-securestring",
    ),
    Structure(
        "password",
        ("/user:",),
        r"net\s+use\s[^\n]{0,200}/user:\S{1,100}\s+(?P<s>[^\s⟦/]{4,200})",
        r"(?i)net\s+use\s",
    ),
    Structure(
        "password",
        ("stdin", "sudo -s"),
        r"echo\s+(?:-n\s+)?[\"']?(?P<s>[^\s\"'⟦$]{4,500})[\"']?\s*\|\s*(?:sudo\s+-s|[^\n|]{1,100}(?:password|token)-stdin|[^\n|]{0,100}gh\s+auth)",
        r"(?i)echo\s[^\n]{1,200}\|\s{0,4}(sudo|docker|podman|helm|gh|az|oras|nerdctl|buildah|crane)",
    ),
    Structure(
        "password",
        ("auth", "cred", "login"),
        r"(?:auth|credentials?|creds|login)\s{0,3}[=:]?\s{0,3}[(\[]\s{0,3}[bu]?[\"'][^\"'\n]{0,100}[\"']\s{0,3},\s{0,3}[bu]?[\"'](?P<s>[^\"'\n⟦]{4,500})[\"']",
        r"(?i)(auth|credentials?|creds|login)\s{0,3}[=:]?\s{0,3}[(\[]\s{0,3}[bu]?[\"']",
    ),
    Structure(
        "url-password",
        ("@",),
        r"[\"'=][\w.\-]{1,60}:(?P<s>[^\s:@/\"'⟦]{4,200})@[\w.\-]{1,200}(?::\d+)?[\"'/]",
        r"[\"'=][A-Za-z0-9_.-]{1,60}:[^\s:@/]{4,60}@",
    ),
    Structure(
        "url-password",
        ("jdbc:oracle",),
        r"jdbc:oracle:thin:[^\s/\"']{1,100}/(?P<s>[^\s@\"'⟦]{3,200})@",
        r"jdbc:oracle",
    ),
    Structure(
        "code", ("code=",), r"\bcode=(?P<s>[\w.\-]{20,4000})&(?:session_)?state=", r"code=[A-Za-z0-9_.-]{20}"
    ),
    Structure(
        "cookie",
        ("cookies",),
        r"cookies\s{0,3}=\s{0,3}\{(?P<s>[^}\n⟦]{8,2000})\}",
        r"(?i)cookies\s{0,3}=\s{0,3}\{",
        sure=False,
    ),
    Structure(
        "key",
        ("client(", "login(", "auth", "key("),
        r"(?:client|login|authenticate|authorize|set_api_key|api_key|token)\([\"'](?P<s>(?=[^\"']{0,100}\d)(?=[^\"']{0,100}[g-z])[A-Za-z0-9_\-]{32,100})[\"']",
        r"(?i)(client|login|authenticate|authorize|key|token)\([\"'][A-Za-z0-9_-]{32}",
    ),
)
_COMPILED = tuple((each, _pattern(each.regex)) for each in STRUCTURES)

_BLOCK = re.compile(
    r"-----BEGIN (?P<what>(?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?|PGP MESSAGE|OPENSSH PRIVATE KEY)-----"
    r"(?P<body>.{0,65536}?)(?:-----END (?P=what)-----|\Z)",
    re.DOTALL,
)
_PUTTY = re.compile(r"Private-Lines: \d{1,3}(?P<body>(?:\s{1,40}[A-Za-z0-9+/=]{1,100}){1,200})")
_RUN = re.compile(r"[A-Za-z0-9+/=]{16,}")
_LAST_RUN = re.compile(r"[A-Za-z0-9+/=]{4,80}(?=[^\w]{0,80}$)")
BLOCKS = ("-----BEGIN ", "Private-Lines: ")


def structures(text: str) -> Iterator[Span]:
    """Every secret in the text that its place gives away."""
    lower = text.lower()
    for structure, pattern in _COMPILED:
        if any(held in lower for held in structure.holds):
            for match in pattern.finditer(text):
                if not is_stand_in(match["s"]):
                    yield Span(
                        *match.span("s"), structure.kind, match["s"], structure.sure and len(match["s"]) >= 8
                    )
    if "PRIVATE KEY" in text or "PGP MESSAGE" in text:
        for match in _BLOCK.finditer(text):
            yield from _lines(text, match.start("body"), match.end("body"), "private-key")
    if "Private-Lines" in text:
        for match in _PUTTY.finditer(text):
            yield from _lines(text, match.start("body"), match.end("body"), "private-key")


def _lines(text: str, start: int, end: int, kind: str) -> Iterator[Span]:
    """One span a line, around what is key and not what a log wrote in front of each line."""
    for line in re.finditer(r"[^\n]+", text[start:end]):
        runs = list(_RUN.finditer(line[0])) or list(_LAST_RUN.finditer(line[0]))
        if runs:
            first, last = start + line.start() + runs[0].start(), start + line.start() + runs[-1].end()
            yield Span(first, last, kind, text[first:last], sure=last - first >= 40)
