"""Python rules of installed packages: found by the entry point group `diagnose.rules`, checked before they are asked.

A package is code that somebody chose to install, so its rules may say all that the project's own may. One that does not
load becomes a rule that breaks: it is told of, it stands in the report, and it takes no verdict down.
"""

import contextlib
import hashlib
import inspect
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import Distribution, EntryPoint, distributions
from pathlib import Path
from types import ModuleType, UnionType
from typing import Any, get_args

from diagnose.evidence.bundle import Missing
from diagnose.evidence.engines import engine_for
from diagnose.evidence.logs import LogPattern
from diagnose.rule import Cause, Finding, Origin, Page, Rule

GROUP = "diagnose.rules"


class PluginError(Exception):
    """What is wrong with the rules of a package."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """One entry point: its rules, or why there are none."""

    name: str
    package: str
    rules: tuple[Rule, ...]
    trouble: str | None = None


def plugins(taken: Collection[str]) -> tuple[Plugin, ...]:
    """Every plugin that is installed, by name. `taken` are names of rules that none of them may have."""
    found, names = list[Plugin](), set(taken)
    for entry, package in sorted(_entries(), key=lambda each: (each[0].name, each[0].value)):
        plugin = _loaded(entry, package, names)
        names |= {rule.name for rule in plugin.rules}
        found.append(plugin)
    return tuple(found)


def _entries() -> Iterator[tuple[EntryPoint, str]]:
    """The entry points of the group, each once, and the package of each."""
    # `python -m diagnose` also imports from the current folder, and that may be a stranger's evidence.
    here = Path.cwd().resolve()
    installed = [place for place in sys.path if place and Path(place).resolve() != here]
    seen = set[str]()
    for package in distributions(path=installed):
        told = ""
        try:
            told = package.read_text("entry_points.txt") or ""
            entries = [each for each in package.entry_points if each.group == GROUP] if GROUP in told else []
        except Exception:  # noqa: BLE001  (somebody else's broken package, which names no rules of its own)
            entries = [EntryPoint("unreadable", "", GROUP)] if GROUP in told else []
        name = _name_of(package) if entries else ""
        if entries and name.split()[0] not in seen:  # the first on the path is the one that is imported
            seen.add(name.split()[0])
            yield from ((entry, name) for entry in entries)


def _name_of(package: Distribution) -> str:
    try:
        return f"{package.name} {package.version}"
    except Exception:  # noqa: BLE001  (it has no readable metadata)
        return "an unnamed package"


def _loaded(entry: EntryPoint, package: str, taken: Collection[str]) -> Plugin:
    try:
        with contextlib.redirect_stdout(sys.stderr):  # results only are put out
            rules = tuple(_rules_in(entry.load()))
        _check_all(rules, taken)
        origin = Origin(package, _digest(package, rules))
        return Plugin(entry.name, package, tuple(replace(rule, origin=origin) for rule in rules))
    except (Exception, SystemExit) as error:  # noqa: BLE001  (an import runs whatever somebody wrote)
        said = f"{type(error).__name__}: {error}" if not isinstance(error, PluginError) else str(error)
        trouble = " ".join(said.split())[:300]
        return Plugin(entry.name, package, (_broken(entry.name, package, trouble),), trouble)


def _rules_in(loaded: Any) -> Iterator[Rule]:
    """The rules of a module, a list, a function that returns one, or a rule by itself."""
    if isinstance(loaded, Rule):
        yield loaded
    elif isinstance(loaded, ModuleType):
        yield from dict.fromkeys(each for each in vars(loaded).values() if isinstance(each, Rule))
    elif callable(loaded):
        yield from _rules_in(loaded())
    else:
        for each in loaded:
            if not isinstance(each, Rule):
                raise PluginError(
                    f"it holds {type(each).__name__}, which is no rule; use @diagnose.rule.rule"
                )
            yield each


def _check_all(rules: tuple[Rule, ...], taken: Collection[str]) -> None:
    if not rules:
        raise PluginError("it holds no rule; name a module or a list with @rule functions")
    names = [rule.name for rule in rules]
    for rule in rules:
        if rule.name in taken or names.count(rule.name) > 1:
            raise PluginError(f"its rule {rule.name} has the name of another rule; rename it")
        _check(rule)


def _check(rule: Rule) -> None:
    """One pattern that the automaton refuses, or one need that is no fact, would trouble more than this rule."""
    facts = [fact for _, annotation in rule.needs for fact in _members(annotation) if fact is not Missing]
    strange = next((fact for fact in facts if not callable(getattr(fact, "read", None))), None)
    if strange is not None:
        raise PluginError(
            f"its rule {rule.name} asks for {strange!r}, which is no fact; annotate with the class itself"
        )
    patterns = [*rule.watches, *(each for fact in facts for each in getattr(fact, "watches", ()))]
    if not all(isinstance(each, LogPattern) for each in patterns):
        raise PluginError(f"its rule {rule.name} watches for what is no LogPattern")
    engine_for(dict.fromkeys(each.regex for each in patterns))


def _members(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if isinstance(annotation, UnionType) else (annotation,)


def _digest(package: str, rules: tuple[Rule, ...]) -> str:
    """Of the package's version and the source of its rules: another one may judge otherwise."""
    digest = hashlib.sha256(package.encode())
    files = {inspect.getsourcefile(rule.check) for rule in rules}
    for file in sorted(filter(None, files)):
        if Path(file).is_file():  # not in an archive
            digest.update(Path(file).read_bytes())
    return digest.hexdigest()


def _broken(name: str, package: str, trouble: str) -> Rule:
    """Stands for the rules that did not load: what they would have found, nobody knows."""
    return Rule(
        name=f"plugin_{name}",
        title=f"The rules of {package}",
        cause=Cause.INCONCLUSIVE,
        check=_raising(trouble),
        needs=(),
        watches=(),
        remedy=(),
        links=(),
        generic=True,
        inferred=True,
        page=Page(f"They could not be loaded: {trouble}", "None.", "None.", "None."),
        origin=Origin(package, hashlib.sha256(f"{package} {trouble}".encode()).hexdigest()),
    )


def _raising(trouble: str) -> Callable[..., Iterator[Finding]]:
    def check() -> Iterator[Finding]:
        raise PluginError(trouble)

    return check
