"""lifecycler.log and execution-wrapper.log: the course of a run, as the v2 runtime tells it."""

from .runtime_lines import ALIVE_S, BUILD, HEALTH_EVERY, STEP, Line, Lines
from .seen import Evidence


class Core(Lines):
    """The runtime's own two logs."""

    def lifecycler(self) -> list[Line]:
        t, rust = self.t0, self.rust
        lines = [
            rust(
                t - 4.4483,
                f"telemetry: job_telemetry_init artifact_type=installed {BUILD[self.sample.runtime]} ci_name=CommonRuntime-RuntimeTeam-Linux-Prod-Build",
            ),
            rust(
                t - 4.4479,
                f"load_config_from_env: lifecycler::config: Resolved grpc addresses lifecycler_address={self.root}/.grpc/lifecycler:0 executor_address={self.root}/.grpc/executor:0",
            ),
            rust(
                t - 4.4464,
                "run_lifecycler:run_service_and_step_through_lifecycle: lifecycler::lifecycle: distributed config is not specified, skip setting up distributed barrier",
            ),
        ]
        for number, name in enumerate(self.capabilities):
            at = t - 2.4 + number * 0.002
            lines += [
                rust(
                    at,
                    f"{STEP}:connect_capabilities:wait_for_service_healthy: lifecycler::health_client: Health status for service: {name} service_name={name} health_status=1",
                ),
                rust(
                    at + 0.0004,
                    f"{STEP}:connect_capabilities:wait_for_service_healthy: lifecycler::health_monitor: Service has become healthy service_name={name}",
                ),
            ]
        for number, name in enumerate(self.capabilities):
            lines.append(
                rust(
                    t - 2.2 + number * 0.4,
                    f'{STEP}:start_capabilities:start{{name="{name}"}}: lifecycler::capability_client: Received success code for start cap_name={name}',
                )
            )
        phase = f"{STEP}:execute: lifecycler::lifecycle:"
        client = f'{STEP}:execute:executor_client::execute_commands{{lifecycle_address="{self.root}/.grpc/lifecycler:0" scheduling=None debug_mode=Some(false)}}: lifecycler::executor_client:'
        lines += [
            rust(t - 0.0069, f"{STEP}: lifecycler::lifecycle: exited operation caps: true"),
            rust(
                t - 0.0051,
                f"{STEP}:connect_executor:wait_for_service_healthy: lifecycler::health_monitor: Service has become healthy service_name=Executor",
            ),
            rust(t - 0.0049, f"{phase} entering phase rank=None phase=0 is_leader=true entered_phases=false"),
            rust(t - 0.0048, f"{phase} starting phase execution rank=None phase=0"),
            rust(t - 0.0047, f"{phase} executing phase commands rank=None phase=0"),
            rust(
                t + 0.0004,
                f'{client} Waiting for execution completion execution_id="{self.seen.names.execution}"',
            ),
        ]
        lines += self._liveness()
        if self.end is not None:
            lines += self._lifecycler_end(phase, client)
        return sorted(lines, key=lambda line: line[0])

    def _liveness(self) -> list[Line]:
        """Six lines every 40 s, six more every 160 s, for as long as the user's processes run."""
        lines = []
        services = [*self.capabilities, "Executor"]
        for turn, at in self._every(ALIVE_S, ALIVE_S):
            for number, name in enumerate(services):
                when = at + number * 0.00003
                lines.append(
                    self.rust(when, "grpc_utils::span: failed to inject span context to grpc request", "WARN")
                )
                if turn % HEALTH_EVERY == 0:
                    lines.append(
                        self.rust(
                            when + 0.002,
                            f"lifecycler::health_client: Health status for service: {name} service_name={name} health_status=1",
                        )
                    )
        return lines

    def _lifecycler_end(self, phase: str, client: str) -> list[Line]:
        end, rust, code = self.end, self.rust, self.seen.exit_code
        lines = [
            rust(
                end,
                'ExecutionCallbackServicer::complete_execution: grpc_utils::server: Got grpc request request_name="complete_execution" remote_addr=None',
            ),
            rust(end + 0.0002, f'{client} Execution completed execution_id="{self.seen.names.execution}"'),
        ]
        if code == 0:
            lines.append(rust(end + 0.0004, f"{phase} phase execution completed. rank=None phase=0"))
        else:
            error = self.seen_error().replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            lines.append(
                rust(
                    end + 0.0004,
                    f'{phase} failed to execute commands exception=ExecutionFailed(ExecutionsFailures([ExecutionFailure {{ exit_code: {code}, error_message: "{error}", process_info: None }}]))',
                    "ERROR",
                )
            )
        for number, name in enumerate(self.capabilities):
            lines.append(
                rust(
                    end + 0.0006 + number * 0.00003,
                    f'{STEP}:end_service_capabilities:end{{name="{name}"}}: grpc_utils::span: failed to inject span context to grpc request',
                    "WARN",
                )
            )
        # The log's own streamer is ended too: which of the last lines still get out differs from run to run.
        for number, name in enumerate(("SNAPSHOT_CAPABILITY", "METRICS_CAPABILITY")):
            lines.append(
                rust(
                    end + 0.0015 + number * 0.002,
                    f'{STEP}:end_service_capabilities:end{{name="{name}"}}: lifecycler::capability_client: Received success code for end cap_name={name}',
                )
            )
        return lines

    def seen_error(self) -> str:
        """The error that the runtime reports: the exit code, and the last lines of the user log."""
        return user_error(self.seen)

    def wrapper(self) -> list[Line]:
        t, rust, seen = self.t0, self.rust, self.seen
        spawn = "ExecutionServicer::run:ExecutionServicer::spawn_execution{wait_execution_completion=false}"
        wait = "Execution::wait_for_completion"
        if self.sample.runtime in ("2022", "2023"):
            wait += (
                '{parent_span=Span { name: "Execution::spawn", level: Level(Info), target: "execution_wrapper::execution", id: Id(6755674318962691), '
                'module_path: "execution_wrapper::execution", line: 163, file: "executor/execution-wrapper/src/execution/mod.rs" } '
                f"process_manager=Mutex {{ data: ProcessManager {{ dangling_processes: [], user_process_groups: [{seen.pid}] }} }}}}"
            )
        lines = [
            rust(
                t - 4.31,
                f"telemetry: job_telemetry_init artifact_type=installed {BUILD[self.sample.runtime]} ci_name=CommonRuntime-RuntimeTeam-Linux-Prod-Build",
            ),
            rust(
                t - 4.308,
                "run_execution_wrapper: execution_wrapper: Successfully dumped bootstrapping environment to file",
            ),
            rust(
                t - 0.0043,
                'ExecutionServicer::run: grpc_utils::server: Got grpc request request_name="run" remote_addr=None',
            ),
            rust(
                t - 0.0042,
                f'{spawn}: execution_wrapper::service: spawn_execution request id="{seen.names.execution}" client_address=Some("{self.root}/.grpc/lifecycler:0")',
            ),
            rust(
                t - 0.0040,
                f'{spawn}:inject_legacy_env_vars:get_gpu_count: execution_wrapper::common: Get ComputeContext from env success compute_context=ComputeContext {{ cluster_name: "{self.sample.compute}", run_attempt_count: 1, gpu_count: Some(0), vm_size: Some("{self.sample.size}"), vm_priority: Some({"LowPriority" if self.sample.priority == "low" else "Dedicated"}) }}',
            ),
            rust(
                t - 0.0009,
                f"{spawn}:Execution::spawn{{wait_execution_completion=false}}: execution_wrapper::execution: Spawning target process",
            ),
            rust(
                t,
                f"{spawn}:Execution::spawn{{wait_execution_completion=false}}: execution_wrapper::execution: execution process spawned pid={seen.pid}",
            ),
            rust(
                t + 0.0002,
                "execution_wrapper::execution: start waiting for processes execution to complete num_processes=1",
            ),
            rust(
                t + 0.0003,
                f"{wait}: execution_wrapper::execution::process_manager: ProcessManagerExecution state changing from PendingExecution to PendingExecution",
            ),
        ]
        if seen.main_exit is not None and seen.cancel_requested is None:
            lines += self._wrapper_main_exit(wait)
        return lines

    def _wrapper_main_exit(self, wait: str) -> list[Line]:
        rust, seen, code, at = self.rust, self.seen, self.seen.exit_code, self.seen.main_exit
        manager = f"{wait}: execution_wrapper::execution::process_manager:"
        state = f"{manager} ProcessManagerExecution state changing from"
        if code:
            lines = [
                rust(
                    at,
                    f"{manager} Failed blocking user process detected, process name: {self.user}, process pid: {seen.pid}, code: Some({code}) success_return_code=Zero {{ additional_codes: [] }} code=Some({code})",
                    "ERROR",
                ),
                rust(at + 0.0001, f"{state} PendingExecution to FailureDetected"),
                rust(at + 0.0002, f"{state} FailureDetected to ExecutionCompleted"),
            ]
        else:
            lines = [rust(at, f"{state} PendingExecution to ExecutionCompleted")]
        at += 0.0003
        lines += [
            rust(at, f"{manager} Start collecting process exit statuses"),
            rust(
                at + 0.0001,
                f"{manager} Successfully collected the exit status of user process pid={seen.pid} process_name={self.user} killed_by_process_manager=false",
            ),
            rust(
                at + 0.0001,
                f"{manager} Process manager successfully collected the exit statuses of all user processes on current node",
            ),
        ]
        if seen.holders_after_main:
            # Inferred: a 2022 runtime waits in this state while somebody holds the output pipe.
            lines.append(rust(at + 0.0002, f"{state} ExecutionCompleted to AwaitStreamingTasks"))
            if seen.tree_end is None:
                return lines
            at = seen.tree_end
        else:
            lines.append(rust(at + 0.0002, f"{state} ExecutionCompleted to CleanupStreamingTasks"))
        gathered = f'Gathered execution result for rank 0 process_rank=0 exit_code={code} stderr_path=Some("user_logs/std_log.txt")'
        return [
            *lines,
            rust(at + 0.0003, f"{manager} Start cleaning up execution log streaming tasks"),
            rust(
                at + 0.0004,
                f"{manager} Process manager successfully aborted all streaming tasks for current execution",
            ),
            rust(at + 0.0005, f"{wait}: execution_wrapper::execution: {gathered}"),
            rust(
                at + 0.0006,
                f"{wait}: execution_wrapper::execution: [wait_for_completion] execution process completed.",
            ),
            rust(
                at + 0.0008,
                f"{wait}:ExecutionFinalizer::on_exit:ExecutionFinalizer::complete_execution: grpc_utils::span: failed to inject span context to grpc request",
                "WARN",
            ),
            rust(
                at + 0.0014,
                f"{wait}:ExecutionFinalizer::on_exit:ExecutionFinalizer::complete_execution: execution_wrapper::service: Completed execution id={seen.names.execution}",
            ),
            rust(at + 0.0015, "execution_wrapper::execution: process execution completed"),
        ]


def user_error(seen: Evidence) -> str:
    """The message of a failed v2 run, as run history shows it."""
    user = seen.sample.command.split()[0]
    tail = seen.log.decode("utf-8", "replace").splitlines()[-12:]
    return (
        f"Execution failed. User process '{user}' exited with status code {seen.exit_code}. "
        "Please check log file 'user_logs/std_log.txt' for error details. Error: " + "\n".join(tail)
    )
