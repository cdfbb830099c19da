"""What the user allowed to stay: set once by the command line, the same for all that one process reads and writes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """`--no-redact` and `--redact-personal`."""

    secrets: bool = True
    personal: bool = False
    """E-mail addresses, names of users and IP addresses go too."""


_chosen: list[Policy] = []


def choose(policy: Policy) -> None:
    """From now on this holds."""
    _chosen[:] = [policy]


def current() -> Policy:
    """What holds: what was chosen, or that secrets go and the rest stays."""
    return _chosen[0] if _chosen else Policy()
