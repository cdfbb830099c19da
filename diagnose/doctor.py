"""Whether this machine can diagnose a live run: where each setting came from, who is signed in, what may be read."""

from dataclasses import dataclass

from diagnose.collect.azureml import live
from diagnose.collect.azureml.permissions import Check, permissions, roles
from diagnose.remote import Remote
from diagnose.report.visible import line
from diagnose.settings import Where

_WIDE = 14
_MARKS = {True: "ok", False: "NO", None: "--"}


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found: the settings with their sources, and what came of each check."""

    where: Where
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether a live run can be diagnosed at all, if perhaps not on all its evidence."""
        return all(check.passed is True for check in self.checks if check.needed)


def examine(remote: Remote) -> Examination:
    """Try everything that a diagnosis asks for; raises UsageError where no workspace is named."""
    where = remote.where(None)
    service = live.connect(where, remote.environ, live.How())
    try:
        return Examination(where, tuple(permissions(service)))
    finally:
        service.wire.close()


def told(found: Examination) -> str:
    """The lines for the person at the terminal; nothing in them is obeyed by it."""
    where = found.where
    settings = {
        "subscription": where.subscription,
        "group": where.resource_group,
        "workspace": where.workspace,
        "cloud": where.cloud,
    }
    lines = [f"{name:<{_WIDE}}{each.value}  (from {each.source})" for name, each in settings.items()]
    if where.mixed:
        lines.append(f"{'careful':<{_WIDE}}these come from several files: {', '.join(where.mixed)}")
    lines.append("")
    lines += [f"{_MARKS[each.passed]:<4}{each.name:<{_WIDE}}{each.told}" for each in found.checks]
    if any(each.passed is False and each.role for each in found.checks):
        lines += ["", f"The least that is needed to read all of it: {roles()}."]
    return "".join(f"{line(each, 400)}\n" for each in lines)
