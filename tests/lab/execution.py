"""Executes one script as the service would, to its end or the deadline, and takes the evidence then."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from .clock import LabClock
from .network import Network
from .outputs import Blob, Folder
from .processes import Watch
from .sample import Sample
from .seen import Evidence, Names, chance_of
from .shim import write_commands

HERE = Path(__file__).parent
FINALIZING_S = 14.0  # healthy v2 runs take 6 to 20 s from the user's exit to the terminal status


def execute(sample: Sample) -> Evidence:
    """Runs the sample's program once. Everything it started is gone when this returns."""
    scratch = Path(tempfile.mkdtemp(prefix="lab-"))
    try:
        return _Execution(sample, scratch).run()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


class _Execution:
    def __init__(self, sample: Sample, scratch: Path) -> None:
        self.sample, self.scratch = sample, scratch
        self.names = Names.of(sample)
        self.wd = scratch / "exe" / "wd"
        self.mounts = scratch / "cap" / "data-capability" / "wd"
        self.chunks: list[bytes] = []
        self.last_chunk = time.time()
        self.folders: list[Folder] = []

    def run(self) -> Evidence:
        self._lay_out()
        self.network = self._open_network()
        self.clock = self.network.clock
        self.keyboard = os.pipe()  # nobody types at its other end
        try:
            self._spawn()
            try:
                return self._watch()
            finally:
                self._end_everything()
        finally:
            self.network.stop()
            for end in self.keyboard:
                os.close(end)

    def _open_network(self) -> Network:
        """The lab's own server, or a workspace that real clients take for the service."""
        if not self.sample.client:
            return Network(LabClock.start(self.sample.started, self.sample.scale), self.sample.troubles)
        from .workspace import RunWorkspace  # noqa: PLC0415 - needs what only these samples need

        return RunWorkspace(self.sample, self.names)

    def _lay_out(self) -> None:
        self.wd.mkdir(parents=True)
        (self.wd / "outputs").mkdir()
        (self.scratch / "marks").mkdir()
        write_commands(self.scratch / "bin")
        programs = HERE / "programs"
        shutil.copy(programs / self.sample.program, self.wd / self.sample.script)
        for name in self.sample.more_files:
            source, _, called = name.partition("=")
            shutil.copy(programs / source, self.wd / (called or source))
        self.code = {path.name: path.read_bytes() for path in self.wd.iterdir() if path.is_file()}
        self.disk = self.scratch / "local"
        self.disk.mkdir()
        for name in self.sample.full:
            (self.disk / name).symlink_to("/dev/full")
        for name, text in self.sample.inputs.items():
            path = self.mounts / "INPUT_data" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        for output in self.sample.outputs:
            root = self.mounts / output.name
            root.mkdir(parents=True)
            self.folders.append(Folder(output.name, root, output.mode))
        self.folders.append(Folder("artifacts", self.wd / "outputs", "upload", "outputs/"))

    def _environment(self) -> dict[str, str]:
        sample, names = self.sample, self.names
        python_path = [str(HERE / "shim"), *([] if sample.client else [str(HERE / "azureml_like")])]
        environment = {
            "PATH": f"{self.scratch / 'bin'}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.scratch),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "PYTHONPATH": ":".join(python_path),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LAB_RUN": names.job,
            "LAB_RANK_LOGS": str(self.scratch / "ranks"),
            "LAB_MARKS": str(self.scratch / "marks"),
            "AZUREML_RUN_ID": names.run_id,
            "AZUREML_SERVICE_ENDPOINT": f"http://{self.network.address}",
            "MLFLOW_TRACKING_URI": f"http://{self.network.address}/mlflow/v1.0",
            "AZUREML_CR_DATA_CAPABILITY_PATH": str(self.mounts),
            **self.clock.environment(),
        }
        if sample.full:
            environment["LOCAL_DISK"] = str(self.disk)
        if sample.inputs:
            environment["AZURE_ML_INPUT_data"] = str(self.mounts / "INPUT_data")
        for output in sample.outputs:
            environment[f"AZURE_ML_OUTPUT_{output.name}"] = str(self.mounts / output.name)
        if sample.unbuffered:
            environment["PYTHONUNBUFFERED"] = "1"
        if sample.client:
            environment |= self.network.environment()
        elif sample.runtime == "v1":
            environment["LAB_SDK_LOG"] = str(self.scratch / "sdk_<pid>_azureml.log")
        return environment | dict(sample.environment)

    def _spawn(self) -> None:
        command = self.sample.command.format(script=self.sample.script)
        if self.sample.runtime == "v1":
            arguments = command.removeprefix("python ")
            command = f"python {self._driver()} {arguments}"
        if self.sample.ranks:
            launcher = f"python {HERE / 'azureml_like' / 'ranks.py'} {self.sample.ranks} "
            command = command.replace("python ", launcher, 1)
        read, write = os.pipe()
        pipe = str(Path(f"/proc/self/fd/{write}").readlink())
        self.process = subprocess.Popen(
            ["/bin/bash", "-c", command],
            cwd=self.wd,
            env=self._environment(),
            stdin=self.keyboard[0] if self.sample.stdin == "silent" else subprocess.DEVNULL,
            stdout=write,
            stderr=write,
            start_new_session=True,
        )
        os.close(write)
        threading.Thread(target=self._read, args=(read,), daemon=True).start()
        self.watch = Watch(self.names.job, self.process.pid, pipe)
        self.evidence = Evidence(self.sample, self.names, self.clock, self.process.pid)

    def _driver(self) -> Path:
        return HERE / ("azureml_real" if self.sample.client else "azureml_like") / "v1_driver.py"

    def _read(self, read: int) -> None:
        """The service's streamer: stdout and stderr come through one pipe."""
        with os.fdopen(read, "rb", buffering=0) as pipe:
            while chunk := pipe.read(65536):
                self.chunks.append(chunk)
                self.last_chunk = time.time()

    def _watch(self) -> Evidence:
        seen = self.evidence
        deadline = self.clock.real0 + self.clock.real_seconds(self.sample.watch_s)
        while time.time() < deadline:
            self._look()
            self._cancel_if_asked()
            if seen.main_exit is None and self.process.poll() is not None:
                seen.main_exit, seen.exit_code = self.clock.now(), _shell_code(self.process.returncode)
                self._look()
                seen.holders_after_main = bool(self.watch.holders())
            if seen.main_exit is not None and not self.watch.holders():
                seen.tree_end = seen.main_exit if not seen.holders_after_main else self.clock.now()
                return self._finalize()
            time.sleep(0.015)
        self._freeze()
        self._look()
        seen.captured = self.clock.now()
        open_paths = self.watch.open_for_writing()
        for folder in self.folders:
            if folder.mode == "mount":
                seen.blobs += folder.listing(self.clock.lab, open_paths)
        return self._collect()

    def _finalize(self) -> Evidence:
        """Output collection: mounts are closed, uploads happen, then the container with all in it goes."""
        time.sleep(0.05)  # the streamer reads the last of the pipe
        seen, clock = self.evidence, self.clock
        self._look()
        open_paths = self.watch.open_for_writing()
        for folder in self.folders:
            if folder.mode == "mount":
                seen.blobs += folder.listing(clock.lab, open_paths)
            elif seen.exit_code == 0 or folder.output == "artifacts":
                seen.blobs += folder.uploaded(seen.tree_end + 4.0, self._taken(folder))
        seen.ended = seen.tree_end + FINALIZING_S
        seen.captured = seen.ended + (self.sample.later_s or chance_of(self.sample).uniform(600, 28000))
        if self.sample.stays:
            later = self.sample.later_s
            seen.ended, seen.captured = (
                None,
                seen.tree_end + later if later else clock.t0 + self.sample.watch_s,
            )
        if self.sample.origin != "local":
            self._end_everything()
        elif self.watch.alive():
            time.sleep(max(0.0, clock.real_seconds(seen.captured - clock.now())))
            self._freeze()
            self._look()
            seen.captured = clock.now()
            open_paths = self.watch.open_for_writing()
            seen.blobs = [blob for folder in self.folders for blob in folder.listing(clock.lab, open_paths)]
        return self._collect()

    def _taken(self, folder: Folder) -> int | None:
        """How many of the folder's files the service took before it stood still; None: all of them."""
        return self.sample.taken if folder.output != "artifacts" else None

    def _collect(self) -> Evidence:
        seen, clock = self.evidence, self.clock
        seen.log, seen.log_modified = b"".join(self.chunks), clock.lab(self.last_chunk)
        with self.network.lock:
            seen.metrics, seen.tags = list(self.network.metrics.values()), dict(self.network.tags)
            artifacts = {name: dict(artifact) for name, artifact in self.network.artifacts.items()}
        for name, artifact in artifacts.items():
            staged = len(artifact["blocks"]) or None
            seen.blobs.append(
                Blob(
                    "artifacts",
                    name,
                    artifact["data"],
                    artifact["created"] if artifact.get("committed", True) else None,
                    artifact["modified"] if artifact.get("committed", True) else None,
                    artifact.get("committed", True),
                    staged,
                )
            )
        seen.processes = [replace(process) for process in self.watch.seen.values()]
        for process in seen.processes:
            process.exit_code = seen.exit_code if process.pid == seen.pid else None
        seen.code = self.code
        mark = self.scratch / "marks" / "finalizing"
        seen.driver_finalizing = clock.lab(mark.stat().st_mtime) if mark.exists() else None
        seen.sdk_logs = {path.name[4:]: path.read_bytes() for path in self.scratch.glob("sdk_*_azureml.log")}
        seen.rewrite = self._rewrites()
        for folder in self.folders:
            for path, at in folder.first_seen.items():
                seen.opened[path.relative_to(folder.root).as_posix()] = clock.lab(at)
        for path in (self.scratch / "ranks").glob("*.txt"):
            said = seen.node_path(path.read_text("utf-8", "surrogateescape"))
            written = clock.lab(path.stat().st_mtime)
            seen.rank_logs[path.name] = (said.encode("utf-8", "surrogateescape"), written)
        text = _stacks_as_outside(seen.log.decode("utf-8", "surrogateescape"), clock.scale)
        seen.log = seen.node_path(text).encode("utf-8", "surrogateescape")
        if self.sample.client:
            found = (self.wd / "logs" / "azureml").glob("*_azureml.log")
            seen.sdk_logs = {path.name: seen.node_path(path.read_text("utf-8")).encode() for path in found}
        return seen

    def _rewrites(self) -> list[tuple[str, str]]:
        home = f"/azureml-envs/azureml_{self.names.environment}"
        library = f"{home}/lib/python{sys.version_info[0]}.{sys.version_info[1]}"
        root = f"/mnt/azureml/cr/j/{self.names.job}"
        pairs = [(str(HERE / "azureml_like"), f"{library}/site-packages/azureml")]
        if self.sample.runtime == "v1":
            mounts = "/mnt/batch/tasks/shared/LS_root/jobs"
            run_id = self.names.run_id
            work = f"{mounts}/{self.names.workspace}/azureml/{run_id.lower()}"
            work += f"/mounts/workspaceblobstore/azureml/{run_id}"
            pairs = [
                (str(self._driver()), "azureml-setup/context_manager_injector.py"),
                *pairs,
            ]
            pairs.append((str(self.wd), work))
        service = f"{self.sample.region}.api.azureml.ms"
        return [
            *pairs,
            (f"{self.scratch}/bin/python3", f"{home}/bin/python3"),
            (f"{self.scratch}/bin/python", f"{home}/bin/python"),
            (str(self.scratch), root),
            (sys.executable, f"{home}/bin/python"),
            (f"{sys.prefix}/lib/", f"{home}/lib/"),
            (f"{sys.base_prefix}/lib/", f"{home}/lib/"),
            (f"http://{self.network.address}", f"https://{service}"),
            (self.network.address, f"{service}:443"),
            (f"port={self.network.address.split(':')[1]}", "port=443"),
            ("host='127.0.0.1'", f"host='{service}'"),
            (str(HERE / "shim"), f"{library}/site-packages"),
        ]

    def _look(self) -> None:
        self.watch.poll()
        now = time.time()
        for folder in self.folders:
            with contextlib.suppress(OSError):  # a file may go while we look
                folder.look(now)

    def _cancel_if_asked(self) -> None:
        if self.sample.cancel_at_s is None or self.evidence.cancel_requested is not None:
            return
        if self.clock.now() - self.clock.t0 >= self.sample.cancel_at_s:
            self.evidence.cancel_requested = self.clock.now()
            os.killpg(self.process.pid, signal.SIGKILL)

    def _freeze(self) -> None:
        """Stops the clock hands: the evidence of all channels is of one moment."""
        self._look()
        self.evidence.stopped = {process.pid for process in self.watch.alive() if process.state == "T"}
        self.evidence.running = {process.pid for process in self.watch.alive() if process.state == "R"}
        for process in self.watch.alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGSTOP)

    def _end_everything(self) -> None:
        """Ends the processes of this run, each by its own number."""
        for _ in range(3):
            self.watch.poll()
            for process in self.watch.alive():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGKILL)
            time.sleep(0.02)
        self.process.wait()


def _stacks_as_outside(text: str, scale: float) -> str:
    """faulthandler's dumps in lab time, which it heads with the real one, and without the clock's own frames."""

    def lab(found: re.Match[str]) -> str:
        hours, minutes, seconds = (float(part) for part in found[1].split(":"))
        return f"Timeout ({timedelta(seconds=round((hours * 3600 + minutes * 60 + seconds) * scale))})!"

    text = re.sub(r'  File "[^"\n]*/shim/sitecustomize\.py", line \d+ in \S+\n', "", text)
    return re.sub(r"Timeout \((\d+:\d\d:\d\d(?:\.\d+)?)\)!", lab, text)


def _shell_code(code: int) -> int:
    """The exit code as a shell reports it: 128 + signal."""
    return code if code >= 0 else 128 - code
