"""A signature as text, to be changed in one place by a test."""

import textwrap

from diagnose.custom.reading import read_signatures

WHOLE = {
    "id": "licence-refused",
    "title": "The licence server refused a seat",
    "cause": "waiting-on-external",
    "match": "no seat free on (?P<server>[\\w.-]+)",
    "headline": '"The licence server {server} had no seat free: ask for one."',
    "explanation": "The solver waits for a seat for as long as it takes.",
    "remedy": "Free a seat",
    "examples": "{matches: [no seat free on lic01], no_matches: [seat granted]}",
}


def text_of(**fields):
    """A rule file with one signature; a field that is None is left out."""
    given = {key: value for key, value in {**WHOLE, **fields}.items() if value is not None}
    return "".join(_field(key, value) for key, value in given.items())


def _field(key, value):
    return (
        f"{key}:\n{textwrap.indent(textwrap.dedent(value).strip(), '  ')}\n"
        if "\n" in value
        else f"{key}: {value}\n"
    )


def file_of(folder, name="team.yaml", **fields):
    """The same on disk."""
    path = folder / name
    path.write_text(text_of(**fields), encoding="utf-8")
    return path


def signature(folder, **fields):
    """The one signature of such a file."""
    [found] = read_signatures(file_of(folder, **fields))
    return found
