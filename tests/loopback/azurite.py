"""Azurite, the storage emulator: installed beside the tests, started for one workspace, ended with it."""

import base64
import hashlib
import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

VERSION = "3.35.0"  # the newest that runs on node 20
HERE = Path(__file__).resolve().parent
FOLDER = Path(os.environ.get("LOOPBACK_AZURITE") or HERE.parents[1] / ".azurite")
START_SECONDS = 60
ACCOUNTS = 2000  # Azurite learns its accounts when it starts, and every workspace wants one of its own
_FLAGS = ("--inMemoryPersistence", "--silent", "--disableTelemetry", "--skipApiVersionCheck")


class AzuriteError(RuntimeError):
    """Azurite could not be installed or started."""


def missing() -> str | None:
    """Why Azurite cannot be started here, None when it can."""
    if shutil.which("node") is None:
        return "node is not installed"
    if not _main().is_file():
        return f"Azurite is not in {FOLDER}: python tests/loopback/azurite.py"
    if (found := json.loads((_package() / "package.json").read_text())["version"]) != VERSION:
        return f"Azurite {found} is in {FOLDER}, not {VERSION}: python tests/loopback/azurite.py"
    return None


def install() -> None:
    """Put Azurite into its folder, which keeps itself out of version control."""
    npm = shutil.which("npm")
    if npm is None:
        raise AzuriteError("npm is not installed")
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / ".gitignore").write_text("*\n")
    (FOLDER / "package.json").write_text('{"private": true}\n')
    quiet = ("--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts")
    subprocess.run([npm, "install", f"azurite@{VERSION}", *quiet], cwd=FOLDER, check=True)


def account_name(number: int) -> str:
    """The name of one of the accounts that Azurite was started with."""
    return f"loopback{number:04}"


def account_key(name: str) -> str:
    """The key of an account."""
    return base64.b64encode(hashlib.md5(name.encode()).digest()).decode()


class Azurite:
    """A running Azurite, blob service only, everything in memory."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self._said = certificate.with_name("azurite.txt")
        self.port = _free_port()
        names = map(account_name, range(ACCOUNTS))
        accounts = ";".join(f"{name}:{account_key(name)}" for name in names)
        command = [
            *("node", "-r", str(HERE / "azurite_clock.js"), str(_main()), *_FLAGS, "--oauth", "basic"),
            *("--blobHost", "127.0.0.1", "--blobPort", str(self.port), "--blobKeepAliveTimeout", "600"),
            *("--cert", str(certificate), "--key", str(key)),
        ]
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(
                command,
                cwd=certificate.parent,
                env={**os.environ, "AZURITE_ACCOUNTS": accounts},
                stdin=subprocess.PIPE,  # it ends when this does, so it cannot outlive us
                stdout=said,
                stderr=said,
            )

    def wait(self) -> None:
        """Until it listens."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise AzuriteError(f"Azurite ended at once: {self._said.read_text(errors='replace')[-2000:]}")
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AzuriteError(f"Azurite did not listen within {START_SECONDS} seconds")

    def stop(self) -> None:
        """End it; its blobs are gone."""
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()


def _package() -> Path:
    return FOLDER / "node_modules" / "azurite"


def _main() -> Path:
    return _package() / "dist" / "src" / "blob" / "main.js"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":  # needs nothing but npm, so that it can come before everything else
    install()
