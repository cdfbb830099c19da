"""How a program says that a failure does not matter, for it has another way."""

import re

EXCUSED = re.compile(
    r"(?i)\bfall(?:ing|s)? ?back\b|\bfallback\b|\bnon-?(?:fatal|critical)\b|\bharmless\b|\b(?:can|safe to|may) be ignored\b|\bsafe to ignore\b"
    r"|\bdefault(?:s|ing)? to\b|\busing (?:the )?(?:default|cpu|slower)\b|\bfrom scratch\b|\bcache miss\b|\(miss\)|\bskipping optional\b|\bas intended\b"
    r"|\btrying (?:the )?(?:next|another|an alternative|backup|mirror)\b|\btak(?:es|ing) over\b|\bwill be created\b|\bcreat(?:ed|ing) (?:it|one|a new)\b|\b(?:there|present|exist\w*) yet\b"
    r"|\bignorier|ersatzweise|stattdessen|en su lugar|par d.{1,2}faut|por defecto|代わりに|改用|默认|вместо"
)
"""The program says that it has another way: words that no exception's own message uses."""
INSTEAD = re.compile(r"(?i)\binstead\s*[.;]?\s*$")
"""The last word of a line of the program's own; of an exception's message it is advice."""
EXCUSED_APART = re.compile(
    r"(?i)\boptional\b|\binstead\b|\bdisabled\b|\bwithout (?:it|them)\b|\bbuilt-?in\b|\bnot (?:installed|available|supported)\b|\bexpected\b"
    r"|\bharmlos\b|\bohne\b|без него"
)
"""Words that excuse only on a line of their own: an exception's message may hold them, too."""
GOT_OVER = re.compile(
    r"(?i)(?<!not )\brecover(?:ed|s)\b|\bwiederhergestellt\b|\br.{1,2}tabli|\brecuperad|\bripristinat|восстановлен|回復し|恢复|복구"
)
"""What failed works again."""
