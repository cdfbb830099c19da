"""The file formats whose wholeness can be judged from a file's two ends, one family in each module."""

from diagnose.evidence.formats import (
    arrays,
    columnar,
    compressed,
    database,
    delimited,
    json_text,
    pickled,
    pictures,
    tarred,
    zipped,
)
from diagnose.evidence.formats.window import Format

_BINARY: tuple[Format, ...] = (
    *columnar.FORMATS,
    *arrays.FORMATS,
    *database.FORMATS,
    *pictures.FORMATS,
    *compressed.FORMATS,
    *tarred.FORMATS,
    *pickled.FORMATS,
    *zipped.FORMATS,
)
# The zip family comes last because it may begin with anything.

BY_NAME: tuple[Format, ...] = (*_BINARY, *json_text.FORMATS, *delimited.FORMATS)
"""Every format that a name can promise; a text is taken for a table only where its name says so."""

BY_CONTENT: tuple[Format, ...] = (*_BINARY, *json_text.BY_CONTENT)
"""The formats that bytes are tried for whatever the name."""
