"""Where things lie in a folder of evidence: as Azure ML leaves a run, as a download leaves it, or anyhow."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath, PurePosixPath

LOG_FOLDERS = {"user_logs", "system_logs", "azureml-logs", "logs"}
_MARKS = {"user_logs", "system_logs", "azureml-logs", "artifacts", "named-outputs"}
_LOGS_OF_A_BUNDLE = ("logs/user_logs/", "logs/system_logs/", "logs/azureml-logs/")
"""Where they lie in a bundle, and still do when its manifest is lost."""
_LOG_ENDINGS = {".log", ".txt", ".out", ".err", ".stdout", ".stderr", ""}
_JSON_ENDINGS = {".json", ".jsonl", ".ndjson"}
_MEANINGFUL = LOG_FOLDERS | {"outputs", "code"}
"""Folders that are no wrapping, however alone they stand."""
_PACKERS_LITTER = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}
_ROTATED = re.compile(r"([._-][0-9]+)+$")
_ARCHIVE_ENDINGS = (".zip", ".tar.gz", ".tgz", ".tar")


class Role(StrEnum):
    """What a file is to a run. A `LOG` is one only if its bytes are text."""

    LOG = "log"
    OUTPUT = "output"
    CODE = "code"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Place:
    """A file's role, and its path as the service gives it. `output` names the output it belongs to."""

    role: Role
    path: str
    output: str = "artifacts"


@dataclass(frozen=True, slots=True)
class Layout:
    """How one folder of evidence is laid out."""

    root: str
    """What stands before every path that belongs to the run: empty, or a prefix with a final slash."""
    above: str
    """The folders of the service's path that lie above the one that was given, with a final slash."""
    run_name: str | None
    """What the folder or archive was named after: by custom the run."""
    is_download: bool
    """Whether it has folders that Azure ML gives a run, and all of them as far as anybody can tell."""

    def place(self, name: str) -> Place:
        """The role of a member of the store."""
        if not name.startswith(self.root):
            return Place(Role.OTHER, name)
        path = self.above + name.removeprefix(self.root)
        return self._known_place(path) if self.is_download or self.above else self._likely_place(path)

    def _known_place(self, path: str) -> Place:
        steps = path.split("/")
        if steps[0] == "named-outputs" and len(steps) > 2:
            return Place(Role.OUTPUT, "/".join(steps[2:]), steps[1])
        is_artifact = steps[0] == "artifacts" and len(steps) > 1
        inside = "/".join(steps[1:]) if is_artifact else path
        if inside.startswith(_LOGS_OF_A_BUNDLE):
            inside = inside.removeprefix("logs/")
        top, _, below = inside.partition("/")
        if top in LOG_FOLDERS and below:
            return Place(Role.LOG, inside)
        if top == "code" and below and not is_artifact:
            return Place(Role.CODE, below)
        return Place(Role.OUTPUT, inside) if is_artifact or below else self._likely_place(inside)

    def _likely_place(self, path: str) -> Place:
        # Some programs make "outputs" the home of the whole run, logs and all.
        if path.startswith("outputs/") and not path.lower().endswith((".log", ".out", ".err")):
            return Place(Role.OUTPUT, path)
        if path.startswith("code/"):
            return Place(Role.CODE, path.removeprefix("code/"))
        return Place(Role.LOG if _reads_like_a_log(f"{self.run_name}/{path}") else Role.OTHER, path)


def layout_of(names: Sequence[str], given: PurePath) -> Layout:
    """The layout of these files, found in the folder or archive that was `given` (an absolute path)."""
    root, is_download = _root(names)
    above = "" if is_download else _above(given)
    root = "" if above else root
    return Layout(root, above, PurePosixPath(root).name or _run_name(given), is_download)


def layout_above(given: PurePath) -> Layout:
    """The layout of a single file that was `given` (an absolute path)."""
    above = _above(given.parent)
    return Layout("", above, _run_name(given.parent) if above else given.stem, is_download=False)


def is_of_the_service(path: str) -> bool:
    """Whether only Azure ML puts a log there; the other folders have names that anybody may choose."""
    return path.startswith(("user_logs/", "system_logs/", "azureml-logs/", "logs/azureml/"))


def is_log(path: str) -> bool:
    """Whether an artifact of a run is one of its logs: all that the service puts there, and text that the run put beside it."""
    if is_of_the_service(path):
        return True
    return path.startswith("logs/") and _reads_like_a_log(path)


def _root(names: Sequence[str]) -> tuple[str, bool]:
    """The folders that merely wrap everything, at most four, and whether Azure ML's own are below them."""
    root = ""
    for _ in range(5):
        below = [name.removeprefix(root) for name in names if name.startswith(root)]
        tops = {name.partition("/")[0] for name in below if "/" in name} - _PACKERS_LITTER
        if tops & _MARKS or any(name.startswith(("logs/azureml/", *_LOGS_OF_A_BUNDLE)) for name in below):
            return root, True
        files = {name for name in below if "/" not in name} - _PACKERS_LITTER
        if files or len(tops) != 1 or tops & _MEANINGFUL:
            break
        root = f"{root}{tops.pop()}/"
    return root, False


def _above(folder: PurePath) -> str:
    name, parent = folder.name, folder.parent.name
    if name.lower().endswith(_ARCHIVE_ENDINGS):
        return ""
    if parent == "system_logs" or (parent, name) == ("logs", "azureml"):
        return f"{parent}/{name}/"
    return f"{name}/" if name in _MARKS - {"artifacts"} else ""


def _run_name(given: PurePath) -> str | None:
    for _ in _above(given).split("/")[1:]:
        given = given.parent
    while given.name in _MARKS | _MEANINGFUL:
        given = given.parent
    name = given.name
    for ending in _ARCHIVE_ENDINGS:
        name = name[: -len(ending)] if name.lower().endswith(ending) else name
    return name or None


def _reads_like_a_log(path: str) -> bool:
    *folders, name = path.lower().split("/")
    if any(step.startswith(".") for step in (*folders, name)):
        return False
    ending = PurePosixPath(_ROTATED.sub("", name)).suffix
    if ending in _JSON_ENDINGS:
        return any("log" in folder for folder in folders)
    return ending in _LOG_ENDINGS or ".log." in name
