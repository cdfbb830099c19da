"""A real Redmine on this machine, as Debian packages it: started on a copy of its database, with one project and one issue.

Set it up once:  apt-get install --no-install-recommends redmine redmine-sqlite puma
"""

import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

PROGRAM = Path("/usr/share/redmine")
DATABASE = Path("/var/lib/dbconfig-common/sqlite3/redmine/instances/default/redmine_default")
NEEDED = (PROGRAM / "config.ru", DATABASE, Path("/usr/bin/puma"))
_PATIENCE_S = 120


def is_installed() -> bool:
    """Whether this machine has one that may be copied."""
    return all(map(os.path.exists, NEEDED)) and os.access(DATABASE, os.R_OK)


@dataclass(frozen=True)
class Server:
    """Where it is, the API key of its administrator, and an issue."""

    url: str
    key: str
    issue: int


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    """The server for as long as it is needed. Its database is a copy; nothing of the installed one is changed."""
    shutil.copyfile(DATABASE, folder / "redmine.sqlite")
    key, port = secrets.token_hex(20), _free_port()
    issue = _filled(folder / "redmine.sqlite", key)
    with (folder / "redmine.log").open("wb") as log:
        process = subprocess.Popen(
            ["/usr/bin/puma", "--bind", f"tcp://127.0.0.1:{port}", "--threads", "1:2", "config.ru"],
            cwd=_program(folder),
            env=os.environ
            | {
                "RAILS_ENV": "production",
                "SECRET_KEY_BASE": secrets.token_hex(64),
                "REDMINE_INSTANCE": "default",
                "RAILS_LOG_TO_STDOUT": "1",
            },
            stdout=log,
            stderr=log,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url, process, folder / "redmine.log")
            yield Server(url, key, issue)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(20)


def _program(folder: Path) -> Path:
    """A folder of links to the program, with a configuration and places to write of its own."""
    home = folder / "redmine"
    home.mkdir()
    for each in PROGRAM.iterdir():
        if each.name not in ("config", "instances"):
            (home / each.name).symlink_to(each)
    # Copied, since the program takes the folder of this for its own.
    shutil.copytree(PROGRAM / "config", home / "config", ignore=shutil.ignore_patterns("database.yml"))
    instance = home / "instances" / "default"
    for name in ("config", "tmp", "log", "files", "public"):
        (instance / name).mkdir(parents=True)
    settings = f"production:\n  adapter: sqlite3\n  database: {folder / 'redmine.sqlite'}\n  encoding: utf8\n"
    for place in (home, instance):
        (place / "config" / "database.yml").write_text(settings)
    return home


def _filled(database: Path, key: str) -> int:
    """The REST API switched on, an administrator with a key, a project and an issue in it."""
    now = "2026-11-22 00:00:00"
    with closing(sqlite3.connect(database)) as held, held:
        held.execute("DELETE FROM settings WHERE name = 'rest_api_enabled'")
        held.execute(
            "INSERT INTO settings (name, value, updated_on) VALUES ('rest_api_enabled', '1', ?)", (now,)
        )
        [(admin,)] = held.execute("SELECT id FROM users WHERE login = 'admin'").fetchall()
        held.execute("UPDATE users SET must_change_passwd = 0 WHERE id = ?", (admin,))
        held.execute(
            "INSERT INTO tokens (user_id, action, value, created_on, updated_on) VALUES (?, 'api', ?, ?, ?)",
            (admin, key, now, now),
        )
        status = _row(held, "issue_statuses", name="New", position=1)
        tracker = _row(held, "trackers", name="Incident", position=1, default_status_id=status)
        priority = _row(
            held, "enumerations", name="Normal", type="IssuePriority", position=1, active=1, is_default=1
        )
        project = _row(held, "projects", name="Training", identifier="training", is_public=1, status=1, lft=1, rgt=2, created_on=now, updated_on=now)  # fmt: skip
        _row(held, "enabled_modules", project_id=project, name="issue_tracking")
        held.execute(
            "INSERT INTO projects_trackers (project_id, tracker_id) VALUES (?, ?)", (project, tracker)
        )
        issue = _row(
            held, "issues", tracker_id=tracker, project_id=project, subject="A run never ended", status_id=status,
            priority_id=priority, author_id=admin, lft=1, rgt=2, created_on=now, updated_on=now,
        )  # fmt: skip
        held.execute("UPDATE issues SET root_id = id WHERE id = ?", (issue,))
    return issue


def _row(held: sqlite3.Connection, table: str, **values: object) -> int:
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    row = held.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))
    return int(row.lastrowid or 0)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            urlopen(f"{url}/login", timeout=10).close()
        except (URLError, OSError):
            time.sleep(0.5)
        else:
            return
    raise AssertionError(log.read_text(errors="replace")[-3000:])
