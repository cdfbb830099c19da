"""Whether a failure was that of a registration: by the address it names, by the source that told it, or by its words."""

import re

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code, CodeFinding, CodeKind, findings_of
from diagnose.evidence.trouble.patterns import TroubleKind
from diagnose.evidence.troubles import Sequel, Trouble

ADDRESS = re.compile(
    r"/modelmanagement/|/mlflow/(?:registered-models|model-versions)|/modelregistry/"
    r"|MachineLearningServices/(?:workspaces|registries)/(?:models|environments|components|data)"
)
WORDS = re.compile(
    r"(?i)(?:\b|_)registration(?:\b|_)|\bregister(?:ed|ing)?\b(?!-)|\bregister_(?:model|dataset|environment)|registrier(?:ung|en|t)\b|registrazione|\bregistrar\b"
    r"|enregistre\w* (?:le|du|un) mod|注册|註冊|登録|등록|регистрац|rejestrac"
)
STANDING = (Sequel.CARRIED_ON, Sequel.LAST_WORD, Sequel.GAVE_UP)


def is_failed_registration(trouble: Trouble, code: Code | Missing) -> bool:
    """Whether it is a failure of a registration that the program did not get over.

    Words of failure in prose count only where the source tells that something is registered there.
    """
    if trouble.sequel not in STANDING or trouble.in_thread:
        return False
    if registering_source(trouble, code):
        return True
    told = "\n".join((*(line.text for line in trouble.match.before[-2:]), trouble.text))
    firm = trouble.kind is not TroubleKind.WORDS
    return firm and bool(ADDRESS.search(told) or WORDS.search(trouble.text))


def registering_source(trouble: Trouble, code: Code | Missing) -> tuple[CodeFinding, ...]:
    """The places of the source that register something and printed the line."""
    places = findings_of(code, CodeKind.REGISTRATION)
    if isinstance(code, Missing) or not places:
        return ()
    told = [*code.statement_of(trouble.match.text), *code.statement_of(trouble.message)]
    return tuple(p for p in places if any(s.path == p.path and p.line <= s.line <= p.last_line for s in told))
