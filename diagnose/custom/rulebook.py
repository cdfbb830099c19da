"""All rules of one command: the project's own, the signatures of rule files, and the rules of installed packages."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from diagnose.errors import UsageError
from diagnose.rule import Rule
from diagnose.rules import all_rules
from diagnose.settings.rulefiles import RulesAsked

if TYPE_CHECKING:
    from diagnose.custom.plugins import Plugin
    from diagnose.custom.signature import Signature

ENDINGS = (".yaml", ".yml")
FILES = 200
"""In all folders together."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules, and where those come from that are not the project's own."""

    rules: tuple[Rule, ...]
    signatures: "tuple[Signature, ...]" = ()
    plugins: "tuple[Plugin, ...]" = ()

    @property
    def warnings(self) -> Iterator[str]:
        """What did not load, one sentence each."""
        for plugin in self.plugins:
            if plugin.trouble:
                yield (
                    f"The rules of {plugin.package} (entry point {plugin.name}) were not asked: {plugin.trouble}. "
                    "Mend or uninstall it, or leave such rules out with --no-plugins."
                )


def rulebook(asked: RulesAsked) -> Rulebook:
    """Everything that was asked for; raises `UsageError` for a rule file that is not right."""
    builtin = all_rules()
    signatures = _signatures(asked.paths, {rule.name for rule in builtin}) if asked.paths else ()
    own = _rules_of(signatures) if signatures else ()
    loaded = _plugins({rule.name for rule in (*builtin, *own)}) if asked.plugins else ()
    others = (rule for plugin in loaded for rule in plugin.rules)
    return Rulebook((*builtin, *own, *others), signatures, loaded)


# RE2 and PyYAML are for those who have such files; nobody else waits for their import, or needs them to be there.
def _signatures(paths: Sequence[Path], builtin: set[str]) -> "tuple[Signature, ...]":
    try:
        from diagnose.custom.reading import read_signatures  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(
            f"--rules needs {error.name}, which is not installed here; install google-re2 and pyyaml."
        ) from error
    known = dict.fromkeys(builtin, "a built-in rule")
    found: list[Signature] = []
    for file in dict.fromkeys(each for path in paths for each in files_in(path)):
        for signature in read_signatures(file):
            if signature.name in known:
                raise UsageError(
                    f"{file}, line {signature.line}: the id {signature.id} is that of {known[signature.name]}; choose another."
                )
            known[signature.name] = f"a signature of {signature.file}"
            found.append(signature)
    return tuple(sorted(found, key=lambda signature: signature.name))


def _rules_of(signatures: "Sequence[Signature]") -> tuple[Rule, ...]:
    from diagnose.custom.telling import rules_of  # noqa: PLC0415

    return rules_of(signatures)


def _plugins(taken: set[str]) -> "tuple[Plugin, ...]":
    from diagnose.custom.plugins import plugins  # noqa: PLC0415

    return plugins(taken)


def files_in(path: Path) -> tuple[Path, ...]:
    """The rule files that a PATH names: itself, or those in the folder and below it; raises `UsageError`."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no possible name"
        raise UsageError(
            f"The rule file {path} cannot be read ({why}); name a .yaml file or a folder of them."
        ) from error
    if stat.S_ISREG(mode):
        return (path,)
    if not stat.S_ISDIR(mode):
        raise UsageError(f"{path} is neither a file nor a folder; name a .yaml file or a folder of them.")
    found = tuple(sorted(_below(path)))
    if not found or len(found) > FILES:
        said = "holds no .yaml file" if not found else f"holds more than {FILES} rule files"
        raise UsageError(f"The folder {path} {said}; name the files that are meant.")
    return found


def _below(folder: Path) -> Iterator[Path]:
    """No link to a folder is followed, nothing hidden is read, and a pipe is not waited for."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(place) / name
            if name.endswith(ENDINGS) and not name.startswith(".") and path.is_file():
                yield path
