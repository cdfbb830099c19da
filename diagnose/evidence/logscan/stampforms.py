"""The ways in which log lines write their time, and what may stand before it."""

import re

_LEVEL = (
    rb"(?i:trace|debug|info|notice|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|severe|alert|success|[diwefc])"
)
# What may stand before a time: the sources, levels and processes that logging formats put there. The words of
# a message are not among them, so that a date in a message is not taken for the time of its line.
_BEFORE = rb"""(?:
      \[ (?: std(?:err|out) | rank[ ]?\d{1,5} | \d{1,6}(?:,\d{1,6})? ) \]  # MPI, torchrun
      (?:<std(?:err|out)>)? :? [ ]{0,2}
    | \( [A-Za-z_] [^()\n]{0,60} \) [ ]                         # Ray: (train pid=12)
    | \[ [^\]\s\d] [^\]\s]{0,60} \] [:|]? [ ]{0,8} (?:[-|][ ])?  # [INFO|trainer.py:12]  [MainThread]
    | \[ [ ]? LEVEL [ ]{0,4} \] [ ]{0,4} (?:[-|][ ])?
    | LEVEL (?: : (?:[A-Za-z_][\w.\-]{0,60}:)? [ ]{0,8} | [ ]{0,8} [-|] [ ]? | [ ]{1,8} )
    | [A-Za-z_][\w.\-]{0,60} (?: [ ]-[ ] | [ ]{0,8} \| [ ]? )   # my.module -
    | < \d{1,3} > \d? [ ]?                                      # syslog priority
    | level=\w{1,10} [ ]
    | "? <START>                                                # v1 sweep
    ){0,4}
    (?: (?: [A-Z][\w ]{0,40}\. [ ] )? [Cc]urrent[ ]time [:=] [ ]?  # v1 job preparation and release
      | (?: time | ts | t | timestamp | asctime | date | datetime ) [:=] [ ]? )?
    [\[({<"']{0,2} (?: [IWECDF] [ ] (?=20\d\d|[01]\d:) )?       # [I 2026-11-20 of Jupyter
    """.replace(b"LEVEL", _LEVEL)
BEFORE = re.compile(_BEFORE, re.VERBOSE).match

_CLOCK = (
    rb"(?P<H>[0-2]?\d):(?P<M>[0-5]\d)(?::(?P<S>[0-6]\d)(?:[.,:](?P<f>\d{1,9}))?)?(?!\d)"
    rb"(?: ?(?P<half>[AaPp])\.?[Mm]\b)?"
)
_ZONE = (
    rb"(?: ?(?P<zone>Z\b|[+-]\d\d:?\d\d\b|(?:UTC|GMT)[+-]\d\d?(?::?\d\d)?\b"
    rb"|(?:UTC|GMT|WES?T|CES?T|EES?T|[ECMP][SD]T|AE[SD]T|NZ[SD]T|MSK|HKT|SGT|JST|KST|IST|BST)\b))?"
)
_MONTH = rb"(?P<mon>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
MONTHS = b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_WEEKDAY = rb"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? {1,2})?"
_TIME = rb"[T ,]{1,2}(?:at )?" + _CLOCK + _ZONE
_SHORT_CLOCK = rb"(?P<H>[0-2]\d):(?P<M>[0-5]\d):(?P<S>[0-6]\d)(?:[.,](?P<f>\d{1,9}))?"

_FORMATS = (
    rb"(?P<y>(?:19|20)\d\d)(?P<s>[-/.])(?P<m>\d\d?)(?P=s)(?P<d>\d\d?)(?:[T ]{1,2}|[_:-])" + _CLOCK + _ZONE,
    rb"(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)[T _:-](?P<H>[0-2]\d):?(?P<M>[0-5]\d):?(?P<S>[0-6]\d)"
    rb"(?:[.,](?P<f>\d{1,9}))?(?!\d)" + _ZONE,
    rb"[IWEFDC](?P<y>20\d\d)?(?P<m>[01]\d)(?P<d>[0-3]\d) {1,2}" + _SHORT_CLOCK,  # glog, absl
    rb"(?P<d>[0-3]?\d)\. ?(?P<m>[01]?\d)\. ?(?P<y>20\d\d),? " + _CLOCK + _ZONE,
    rb"(?P<a>\d\d?)(?P<s>[-/])(?P<b>\d\d?)(?P=s)(?P<c>20\d\d|\d\d)"
    + _TIME
    # Spark writes the year first, and then always a level.
    + rb"(?P<spark>(?<=[0-9]) (?:INFO|WARN|ERROR|DEBUG|TRACE|FATAL) )?",
    rb"(?P<m>[01]\d)(?P<s>[-/])(?P<d>[0-3]\d) " + _SHORT_CLOCK,
    rb"(?P<d>[0-3]\d)/" + _MONTH + rb"/(?P<y>20\d\d):" + _CLOCK + _ZONE,  # common log format
    _WEEKDAY + rb"(?P<d>[0-3]?\d)[ -]" + _MONTH + rb"[ -](?P<y>20\d\d)" + _TIME,
    _WEEKDAY + _MONTH + rb" {1,2}(?P<d>[0-3]?\d)(?:,? (?P<y>20\d\d))?" + _TIME + rb"(?: (?P<z>20\d\d)\b)?",
    rb"(?P<epoch>1[4-9]\d{8}|2[01]\d{8})(?:\.(?P<f>\d{1,9}))?(?=[\]\s:|,)])",
    _SHORT_CLOCK + rb"(?=[\]\s|)>:,-]|$)",
)
MATCHERS = tuple(re.compile(body).match for body in _FORMATS)

_LIKELY = (
    rb"\d{1,4}[-/.:]\d|\d\d?\. [01]?\d\. ?20|\d{8}[T _:-]\d|\d{10}|\d\d?[ -][A-Z][a-z]{2}|\d\d/[A-Z]|[IWEFDC]\d{4}"
    rb"|[A-Z][a-z]{2}[a-z]{0,6},? "
)
LIKELY = re.compile(_LIKELY).match
_ACCESS_LOG = rb"\S{1,60} \S{1,40} \S{1,40} \[(?=[0-3]\d/[A-Z][a-z]{2}/20\d\d:)"
ACCESS_LOG = re.compile(_ACCESS_LOG).match
# By far the most lines of real logs: year first, UTC or no zone. A shortcut, with the same result.
_PLAIN = (
    rb"\[?(20\d\d[-/][01]\d[-/][0-3]\d[T ][0-2]\d:[0-5]\d:[0-5]\d)(?:[.,](\d{1,9}))?"
    rb"(?:(Z)\b|(?![\d:.,+-]| ?(?:[A-Z]{2,4}T\b|UTC|MSK\b|[+-]\d|[AaPp]\.?[Mm]\b)))"
)
match_plain = re.compile(_PLAIN).match
# The lines of a text, each with the `\n` before it, that may begin with a time: one look at most others.
find_stamped = re.compile(
    rb"\n(?:%s|(?=\{|(?x:%s)(?:%s)|%s))" % (_PLAIN, _BEFORE, _LIKELY, _ACCESS_LOG)
).finditer
JSON_TIME = re.compile(
    rb'"(?:@?timestamp|time|ts|asctime|datetime|date|created|@t|eventTime)"\s{0,4}:\s{0,4}'
    rb'(?:"([^"]{8,60})"|(\d{10,19})(?:\.(\d{1,9}))?)'
).finditer

HOURS = {b"UTC": 0, b"GMT": 0, b"Z": 0, b"WET": 0, b"WEST": 1, b"CET": 1, b"CEST": 2, b"EET": 2, b"EEST": 3}
HOURS |= {b"MSK": 3, b"HKT": 8, b"SGT": 8, b"JST": 9, b"KST": 9, b"AEST": 10, b"AEDT": 11, b"NZST": 12}
HOURS |= {b"NZDT": 13, b"EST": -5, b"EDT": -4, b"CDT": -5, b"MST": -7, b"MDT": -6, b"PST": -8, b"PDT": -7}
OF_SEVERAL_PLACES = {b"CST", b"IST", b"BST"}
"""Zones whose name means different hours in different countries: the time stays unknown."""
