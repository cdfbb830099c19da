"""The file formats whose wholeness can be judged from a file's two ends, one family in each module."""

from diagnose.evidence.formats import (
    arrays,
    avro,
    columnar,
    compressed,
    database,
    delimited,
    json_text,
    pickled,
    pictures,
    protobuf,
    tarred,
    zipped,
)
from diagnose.evidence.formats.window import Format

_BINARY: tuple[Format, ...] = (
    *columnar.FORMATS,
    *arrays.FORMATS,
    *avro.FORMATS,
    *database.FORMATS,
    *pictures.FORMATS,
    *compressed.FORMATS,
    *tarred.FORMATS,
    *pickled.FORMATS,
    *zipped.FORMATS,
)
# The zip family comes last because it may begin with anything.

BY_NAME: tuple[Format, ...] = (
    *_BINARY,
    *pickled.OLD_FORMATS,
    *protobuf.FORMATS,
    *json_text.FORMATS,
    *delimited.FORMATS,
)
"""Every format that a name can promise; a table and a model without a signature are known only by their names."""

BY_CONTENT: tuple[Format, ...] = (*_BINARY, *json_text.BY_CONTENT)
"""The formats that bytes are tried for whatever the name."""
