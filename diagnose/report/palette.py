"""Colours of the timeline, light and dark: told apart by lightness as well as by hue."""

from typing import Final

PAPER: Final = ("#ffffff", "#15181d")
"""What the picture lies on."""

SHADE: Final = ("#f6ebdf", "#2d251c")
"""The silence, behind marks and words."""

INKS: Final = {
    "ink": ("#1c2128", "#e8eaed"),
    "muted": ("#565f69", "#a3acb7"),
    "log": ("#3a6ca6", "#76a9e2"),
    "metric": ("#7648ac", "#b99aea"),
    "output": ("#18774f", "#55c394"),
    "bad": ("#b3261e", "#ff8f80"),
    "wait": ("#6b747e", "#929ba6"),
    "run": ("#2b69ad", "#66a4e6"),
    "end": ("#1a7350", "#53bb8f"),
    "child": ("#6652a3", "#a592de"),
}
"""Role -> colour of words, lines and marks."""

TINTS: Final = {
    "paper": PAPER,
    "shade": SHADE,
    "grid": ("#dfe3e8", "#2f353d"),
    "wait-tint": ("#e9ecef", "#2a3037"),
    "run-tint": ("#d6e6fa", "#15345a"),
    "end-tint": ("#d3efe3", "#143c2d"),
    "child-tint": ("#e7e2f6", "#2d2745"),
}
"""Role -> colour of areas that carry dark words, or none."""

ROLES: Final = {**INKS, **TINTS}


def light(role: str) -> str:
    """The colour that stands in the picture itself, and holds where styles are blocked."""
    return ROLES[role][0]


def dark_css() -> str:
    """Rules that recolour the picture; they go inside a media query for dark screens."""
    return "".join(
        f".f-{role}{{fill:{dark}}}.s-{role}{{stroke:{dark}}}" for role, (_, dark) in sorted(ROLES.items())
    )
