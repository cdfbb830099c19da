"""The rule catalogue in words: all rules by cause, or one rule explained from its own file.

The pages in `docs/rules/` are the same in Markdown; `python -m tests.pages` writes them, and a test keeps them in step.
"""

import difflib
import textwrap
from collections.abc import Sequence

from diagnose import measured, samples
from diagnose.errors import UsageError
from diagnose.rule import Cause, Rule, Step
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
    """One rule: mechanism, signs, near misses, safety constraint, remedy, measured quality, sample run, links.

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
    limits = [*_limits(rule), f"from: {rule.origin.name}" if rule.origin else ""]
    lines = [f"{rule.name}: {rule.title}", f"cause: {rule.cause.value}", *filter(None, limits), ""]
    for paragraph in rule.page.mechanism.split("\n\n"):
        lines += [*textwrap.wrap(" ".join(paragraph.split()), WIDTH), ""]
    for title, text in _explained(rule):
        lines += [title, *textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  "), ""]
    lines.append("Remedy")
    for step in rule.remedy:
        lines += _step(step)
    if not rule.origin:
        lines += ["", "Measured", f"  {_quality(rule)}", "", "Sample runs", *map("  {}".format, _shown(rule))]
    if rule.links:
        lines += ["", "Links", *(f"  {link}" for link in rule.links)]
    return lines


def _limits(rule: Rule) -> list[str]:
    return [
        "Rests on an inference: never established by itself." if rule.inferred else "",
        "Generic: speaks only where no specific rule does." if rule.generic else "",
    ]


def _explained(rule: Rule) -> tuple[tuple[str, str], ...]:
    told = (
        ("Signs", rule.page.signs),
        ("Near misses", rule.page.near_misses),
        ("Safety constraint", rule.page.safety),
    )
    return tuple((title, f"{text[:1].upper()}{text[1:]}") for title, text in told)


def _step(step: Step) -> list[str]:
    def wrapped(text: str) -> list[str]:
        return textwrap.wrap(text, WIDTH, initial_indent="    ", subsequent_indent="    ")

    return [
        f"  - {step.title}",
        *wrapped(step.detail),
        *(f"      {line}" for line in (step.snippet or "").splitlines()),
        *wrapped(f"Risk: {step.risk}" if step.risk else ""),
    ]


def _quality(rule: Rule) -> str:
    """How often the verdicts that it led were right."""
    found = measured.of_rule(rule.name)
    if found is None:
        return "It led no verdict on the runs that were set aside for measuring."
    low, high = found["ci95"]
    right = round(found["precision"] * found["n"])
    return f"{right} of the {found['n']} verdicts that it led on set-aside runs were right (95 % interval {low:.0%} to {high:.0%})."


def _shown(rule: Rule) -> list[str]:
    """The commands that show it at work."""
    names = samples.showing(rule.name)
    return [f"diagnose demo {name}" for name in names[:3]] or [
        "none: the lab cannot make a run fail in this way"
    ]


def markdown(rule: Rule) -> str:
    """The page of one rule in Markdown, with a final newline."""
    parts = [
        f"# {rule.name}",
        f"**{rule.title}.** Cause: `{rule.cause.value}`. {' '.join(filter(None, _limits(rule)))}".strip(),
        rule.page.mechanism,
    ]
    parts += [f"## {title}\n\n{text}" for title, text in _explained(rule)]
    parts += ["## Remedy", *map(_markdown_step, rule.remedy)]
    shown = "\n".join(_shown(rule))
    parts += [f"## Measured\n\n{_quality(rule)}", f"## Sample runs\n\n```sh\n{shown}\n```"]
    if rule.links:
        parts.append("## Links\n\n" + "\n".join(f"- <{link}>" for link in rule.links))
    return "\n\n".join(parts) + "\n"


def _markdown_step(step: Step) -> str:
    told = " ".join(filter(None, (f"**{step.title}.**", step.detail, step.risk and f"Risk: {step.risk}")))
    return f"{told}\n\n```\n{step.snippet}\n```" if step.snippet else told


def markdown_index(rules: Sequence[Rule]) -> str:
    """The list of all pages, by cause."""
    lines = ["# The rules", "", "`diagnose rules` lists them, `diagnose rules NAME` prints a page."]
    for cause in Cause:
        found = sorted((rule for rule in rules if rule.cause is cause), key=lambda rule: rule.name)
        if found:
            lines += [
                "",
                f"## {cause.value}",
                "",
                *(f"- [{rule.name}]({rule.name}.md): {rule.title}" for rule in found),
            ]
    return "\n".join(lines) + "\n"
