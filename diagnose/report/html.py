"""The report as one HTML file that opens anywhere: no network, no script, readable without styles."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from diagnose.report import palette
from diagnose.report.fields import Node
from diagnose.report.page import page

if TYPE_CHECKING:
    from jinja2 import Environment

_PACKAGE = Path(__file__).parents[1]


def render(record: Node) -> str:
    """The report of a verdict record: a whole document, the same for the same record."""
    from markupsafe import Markup  # noqa: PLC0415 - only this view pays for the template engine

    template = environment().get_template("report.html.jinja")
    # Our own file, never evidence.
    style = Markup(style_sheet())  # noqa: S704
    return template.render(page=page(record), style=style, light=palette.light)


def templates() -> Path:
    """The folder of templates: inside the package once installed, beside it in a checkout."""
    inside = _PACKAGE / "templates"
    return inside if inside.is_dir() else _PACKAGE.parent / "templates"


@cache
def environment() -> "Environment":
    """The template engine: everything is escaped, and a misspelt name is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - as above

    # select_autoescape() would leave a file called *.html.jinja unescaped.
    made = Environment(
        loader=FileSystemLoader(templates()),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    made.globals["light"] = palette.light
    return made


@cache
def style_sheet() -> str:
    """The style sheet as text, since a template engine trips over CSS, and the picture's dark colours."""
    sheet = (templates() / "style.css").read_text(encoding="utf-8")
    return f"{sheet}@media screen and (prefers-color-scheme:dark){{{palette.dark_css()}}}\n"
