"""The rule catalogue in words: all rules by cause, or one rule explained from its own file."""

import difflib
import textwrap
from collections.abc import Sequence

from diagnose.errors import UsageError
from diagnose.rule import Cause, Rule
from diagnose.rules import all_rules

WIDTH = 96


def listing(rules: Sequence[Rule] | None = None) -> str:
    """Every rule under its cause, one a line; of those that are not the project's own also where they are from."""
    lines, listed = [], all_rules() if rules is None else rules
    for cause in Cause:
        found = sorted((rule for rule in listed if rule.cause is cause), key=lambda rule: rule.name)
        if found:
            named = (f"  {rule.name:32} {rule.title}{_from(rule)}" for rule in found)
            lines += ["could not be loaded" if cause is Cause.INCONCLUSIVE else cause.value, *named, ""]
    return "\n".join([*lines, "diagnose rules NAME explains one of them."])


def _from(rule: Rule) -> str:
    return f" ({rule.origin.name})" if rule.origin else ""


def page(name: str, listed: Sequence[Rule] | None = None) -> str:
    """One rule: mechanism, signs, near misses, safety constraint, remedy, links.

    Raises `UsageError` for a name that is none.
    """
    rules = {rule.name: rule for rule in (all_rules() if listed is None else listed)}
    rule = rules.get(name.replace("-", "_"))
    if rule is None:
        close = difflib.get_close_matches(name.replace("-", "_")[:100], rules, n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise UsageError(f"There is no rule {name!r}.{hint} diagnose rules lists them.")
    return "\n".join(_sections(rule))


def _sections(rule: Rule) -> list[str]:
    limits = ["Rests on an inference: never established by itself." if rule.inferred else ""]
    limits += ["Generic: speaks only where no specific rule does." if rule.generic else ""]
    limits += [f"from: {rule.origin.name}" if rule.origin else ""]
    lines = [f"{rule.name}: {rule.title}", f"cause: {rule.cause.value}", *filter(None, limits), ""]
    for paragraph in rule.page.mechanism.split("\n\n"):
        lines += [*textwrap.wrap(" ".join(paragraph.split()), WIDTH), ""]
    named = (
        ("Signs", rule.page.signs),
        ("Near misses", rule.page.near_misses),
        ("Safety constraint", rule.page.safety),
    )
    for title, text in named:
        lines += [title, *textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  "), ""]
    lines.append("Remedy")
    for step in rule.remedy:
        lines += _step(step.title, step.detail, step.snippet, step.risk)
    if rule.links:
        lines += ["", "Links", *(f"  {link}" for link in rule.links)]
    return lines


def _step(title: str, detail: str, snippet: str | None, risk: str | None) -> list[str]:
    lines = [f"  - {title}"]
    lines += textwrap.wrap(detail, WIDTH, initial_indent="    ", subsequent_indent="    ") if detail else []
    lines += [f"      {line}" for line in (snippet or "").splitlines()]
    risky = f"Risk: {risk}" if risk else ""
    return lines + (
        textwrap.wrap(risky, WIDTH, initial_indent="    ", subsequent_indent="    ") if risk else []
    )
