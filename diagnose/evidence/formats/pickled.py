"""Pickles: told whole by their STOP, their frames, and where all is visible by every opcode; never loaded."""

import pickletools
import warnings
from collections.abc import Iterator

from diagnose.evidence.formats.window import Format, Judgement, Window, intact, suffixes, truncated, unknown

_STOP = b"."
_MAX_PICKLES = 4096
# The first of the pickles that torch.save wrote before it wrote zip archives; raw numbers follow them.
_TORCH_LEGACY = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."


def _recognised(window: Window) -> bool:
    return window.head[:1] == b"\x80" and window.head[1:2] in (b"\2", b"\3", b"\4", b"\5")


def _opcodes(data: bytes) -> Iterator[tuple[str, int | None]]:
    """Name and place of each; raises what pickletools' readers of numbers and names raise on foreign bytes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they hold escapes that Python frowns on
        for opcode, _, at in pickletools.genops(data):
            yield opcode.name, at


def _length(data: bytes) -> int | None:
    """Bytes of the pickle at the start of `data`; None when it is cut or no pickle."""
    try:
        for name, at in _opcodes(data):
            if name == "STOP" and at is not None:
                return at + 1
    # Whatever its readers of numbers and names raise on foreign bytes.
    except (ValueError, OverflowError, MemoryError, IndexError, KeyError, UnicodeError):
        return None
    return None


def judge(window: Window) -> Judgement:
    """Whether the pickles that the file consists of are closed."""
    if window.head.startswith(_TORCH_LEGACY):
        return unknown("an old torch file: raw numbers follow its pickles, and nothing states their length")
    frame = _frame_end(window)
    if frame > window.size:
        return truncated(f"its first frame ends at byte {frame}, the file at {window.size}")
    whole = window.whole
    if whole is not None:
        return _judge_whole(whole)
    if window.tail.endswith(_STOP):
        return intact("closed by STOP")
    if _length(window.head) is not None:
        return unknown("other bytes follow its first pickle")
    return truncated("its last byte is not the STOP that closes a pickle")


def _frame_end(window: Window) -> int:
    """Where the first frame says that it ends; 0 without one (protocols 2 and 3)."""
    frame = window.head[2:11]
    return 11 + int.from_bytes(frame[1:], "little") if len(frame) == 9 and frame.startswith(b"\x95") else 0


def _judge_whole(data: bytes) -> Judgement:
    complete = 0
    for _ in range(_MAX_PICKLES):
        if not data:
            return intact(f"{complete} complete pickles" if complete > 1 else "a complete pickle")
        length = _length(data)
        if length is None:
            break
        complete += 1
        data = data[length:]
    if not complete or data.startswith(b"\x80"):
        # Foreign objects between the opcodes (joblib's arrays) end with STOP all the same.
        return (
            intact("closed by STOP")
            if data.endswith(_STOP) and _foreign(data)
            else truncated("ends before its STOP")
        )
    return unknown("other bytes follow its last pickle")


def _foreign(data: bytes) -> bool:
    return b"joblib.numpy_pickle" in data


_OLD_STARTS = b"(]}clLdIFSVUXKMNi"
"""How a pickle of protocol 0 or 1 can begin: it has no signature."""
_CUT_WORDS = ("exhausted", "remain", "no newline", "not enough data")


def _old_recognised(window: Window) -> bool:
    return window.whole is not None and window.head[:1] in [bytes([start]) for start in _OLD_STARTS]


def _judge_old(window: Window) -> Judgement:
    """By every opcode, where all is visible; a text that only begins like one is followed to its first foreign byte."""
    whole = window.whole or b""
    if _length(whole) is not None:
        return _judge_whole(whole)
    return truncated("ends before its STOP") if _runs_out(whole) else unknown("not made as pickles are")


def _runs_out(data: bytes) -> bool:
    """Whether every byte is of an opcode that a pickle can have, and the last of them is cut or no STOP."""
    followed = 0
    try:
        for _ in _opcodes(data):
            followed += 1
    except ValueError as error:
        return followed > 2 and any(words in str(error) for words in _CUT_WORDS)
    except (OverflowError, MemoryError, IndexError, KeyError, UnicodeError):
        return False
    return False


FORMATS = (Format("pickle", suffixes("pkl pickle pt pth joblib p pck ckpt"), _recognised, judge, (b"\x80",)),)

OLD_FORMATS = (Format("pickle", suffixes("pkl pickle p pck"), _old_recognised, _judge_old),)
"""Protocols 0 and 1, known by their names alone."""
