"""The logs of what runs beside the user's process: streamer, metrics, control, data."""

from datetime import UTC, datetime

from .runtime_lines import ALIVE_S, HEARTBEAT_S, Line, Lines


class Capabilities(Lines):
    """The capabilities' logs."""

    def hosttools(self) -> list[Line]:
        t, rust = self.t0, self.rust
        lines = [
            rust(
                t - 4.40,
                "hosttools-capability::do_main: hosttools_capability::resource_limit: Current limit for number of open file: soft=262144, hard=262144 soft_limit=262144 hard_limit=262144",
            ),
            self._go(t - 4.38, f"start watching directory {self.root}/exe/wd/user_logs, streamable: true"),
            self._go(t - 4.38, f"start watching directory {self.root}/exe/wd/outputs, streamable: false"),
        ]
        target = "hosttools_capability::health" if self.sample.runtime == "2026" else "grpc_utils::health"
        lines += [
            rust(at, f"{target}: Watched child process is alive") for _, at in self._every(ALIVE_S, 0.0)
        ]
        if self.end is None:
            return lines
        end = self.end + 0.001
        return [
            *lines,
            rust(
                end,
                "hosttools-capability::end: hosttools_capability::capability_service: Flush and shutdown output manager (end)",
            ),
            rust(
                end + 0.0001,
                "hosttools-capability::end: hosttools_capability::hosttools: Signaling output_manager to flush logs, then terminating after: None flush_timeout=None",
            ),
            self._go(end + 0.0003, "Received termination signal to shut down output manager."),
            self._go(
                end + 0.0006, f"We need to refresh the dir {self.root}/exe/wd/outputs one more time with 3 s!"
            ),
            self._go(end + 0.0009, "After termination signal, we find the list of new file : std_log.txt"),
            self._go(end + 0.0011, "Requesting POST: [{user_logs/std_log.txt}]"),
        ]

    def metrics(self) -> list[Line]:
        t, rust = self.t0, self.rust
        lines = [
            rust(t - 4.52, "metrics-capability::do_main: metrics_capability: run token file created"),
            rust(
                t - 4.51,
                "metrics_capability: starting disk full checker, reserved_disk_space_bytes: 1400000000",
            ),
            rust(t - 4.50, "metrics_capability: heartbeat: starting"),
        ]
        free = 27436212224
        for turn, at in self._every(HEARTBEAT_S, 0.0):
            disk = free - turn * 4096
            lines.append(
                rust(
                    at,
                    f"metrics_capability: heartbeat: AZ_BATCH_NODE_ROOT_DIR (node_disk_available_bytes) = {disk} metric_name=node_disk_available_bytes value={disk} root_dir=/mnt/root_dir",
                )
            )
        if self.end is not None:
            lines.append(
                rust(
                    self.end + 0.001,
                    'metrics-capability::end: grpc_utils::server: Got grpc request request_name="end" remote_addr=None',
                )
            )
        return lines

    def control(self) -> list[Line]:
        lines = [
            self.python(self.t0 - 2.26, "service.py:56", 1, "[start] Extracting Snapshots: None"),
            self.python(self.t0 - 2.26, "service.py:86", 1, "[start] Entering context managers"),
        ]
        if self.end is not None:
            lines += [
                self.python(self.end + 0.003, "service.py:125", 1, "[end] logging run finalizing"),
                self.python(self.end + 0.114, "context_manager.py:93", 1, "exit_contexts"),
            ]
        return lines

    def data(self) -> list[Line]:
        t, mounts = self.t0, f"{self.root}/cap/data-capability/wd"
        lines = [self.python(t - 2.3, "data_services.py:32", 14, "[DataCapabilityService][Start] entered")]
        if self.sample.inputs:
            lines += [
                self.python(t - 2.29, "data_sessions.py:1243", 14, f"create dir for {mounts}/INPUT_data"),
                self.python(t - 1.1, "data_sessions.py:468", 14, "[UriMountSession][start] mount started."),
            ]
        for output in self.sample.outputs:
            lines.append(
                self.python(t - 1.0, "data_sessions.py:1243", 14, f"create dir for {mounts}/{output.name}")
            )
            if output.mode == "mount":
                lines.append(
                    self.python(
                        t - 0.01,
                        "data_sessions.py:846",
                        14,
                        "[AssetMountOutputSession][start] mount started.",
                    )
                )
            lines.append(
                self.python(
                    t - 0.008,
                    "capability_session.py:95",
                    14,
                    "[CapabilitySession][start] Data session started",
                )
            )
        if self.end is None:
            return lines
        empty = [
            output.name
            for output in self.sample.outputs
            if output.mode == "upload" and not any(blob.output == output.name for blob in self.seen.blobs)
        ]
        if empty:
            # Where the upload session speaks, the whole end was streamed.
            lines.append(
                self.python(
                    self.end + 0.004, "data_services.py:70", 14, "[DataCapabilityService][End] entered"
                )
            )
            lines += [
                self.python(
                    self.end + 0.02,
                    "data_sessions.py:655",
                    14,
                    f"[UriUploadSession]:{mounts}/{name}/ is empty. Skip uploading.",
                )
                for name in empty
            ]
        return lines

    def rslex(self) -> dict[str, list[Line]]:
        """One log for each UTC hour: a create line when a file appears in a mount, a copy when it is committed."""
        lines: list[Line] = []
        mounts = f"{self.root}/cap/data-capability/wd"
        cache = f"/tmp/.tmp{self.seen.names.job[:6]}/whole_file_cache"
        names = ["INPUT_data"] if self.sample.inputs else []
        names += [output.name for output in self.sample.outputs if output.mode == "mount"]
        lines += [
            self.rust(
                self.t0 - 1.0,
                f"rslex_fuse::fuse_fs::fuse_mount: [rslex-fuse::FuseMount::mount] Filesystem mounted pid=14 mount_point={mounts}/{name}",
            )
            for name in names
        ]
        for blob in self.seen.blobs:
            if blob.output not in names or blob.output == "INPUT_data":
                continue
            created = blob.created if blob.created is not None else self._opened(blob.path)
            if created is None or created > self.until:
                continue
            lines.append(
                self.rust(
                    created,
                    f"rslex_fuse::direct_volume_mount::direct_volume_mount: [rslex-fuse::DirectVolumeMount] create path={blob.path} mode=33188 mount_point={mounts}/{blob.output}",
                )
            )
            if blob.committed and blob.modified <= self.until:
                lines.append(
                    self.rust(
                        blob.modified + 0.05,
                        f'copy: rslex_core::file_io::stream_copier: [StreamCopier::copy()] copied file size={len(blob.data)} source_handler="Local" source_resource_id={cache}/{blob.path} destination={blob.path} duration=0.0{len(blob.path)}427733 sequential=true',
                    )
                )
        if self.end is not None and self.sample.inputs:
            lines.append(
                self.rust(
                    self.end + 0.002,
                    f"rslex_fuse::fuse_fs::fuse_mount: [rslex-fuse::FuseMount::unmount] starting filesystem unmount pid=14 mount_point={mounts}/INPUT_data",
                )
            )
        hours: dict[str, list[Line]] = {}
        for line in sorted(lines, key=lambda line: line[0]):
            hour = datetime.fromtimestamp(line[0], UTC).strftime("%Y-%m-%d-%H")
            hours.setdefault(f"system_logs/data_capability/rslex.log.{hour}", []).append(line)
        return hours

    def _opened(self, path: str) -> float | None:
        return self.seen.opened.get(path)
