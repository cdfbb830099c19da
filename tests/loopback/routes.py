"""Which address is answered by whom, and the name under which faults reach it."""

import re
from dataclasses import dataclass
from typing import Any

from . import analytics, arm, artifacts, blob_front, history, metrics, mlflow, sign_in, snapshots, writing
from .answers import answer

_SCOPE = (
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)"
    r"/providers/Microsoft\.MachineLearningServices/workspaces/(?P<workspace>[^/]+)"
)
_ALL = (
    r"/subscriptions/(?P<listed>[^/]+)(?:/resourceGroups/(?P<group_listed>[^/]+))?"
    r"/providers/Microsoft\.MachineLearningServices/workspaces"
)
_RUN = r"(?:/experiments/[^/]+|/experimentids/[^/]+)?/runs/(?P<run_id>[^/]+)"
_RUN_ARTIFACTS = rf"{_RUN}/artifacts"
_ARTIFACTS = r"/artifacts/ExperimentRun/(?P<container>[^/]+)"
_HISTORY = rf"/history/v1\.0{_SCOPE}"
_METRIC = rf"/metric/v2\.0{_SCOPE}/runs/(?P<run_id>[^/]+)"
_ARTIFACT = rf"/artifact/v2\.0{_SCOPE}"
_MLFLOW = rf"/mlflow/v[12]\.0{_SCOPE}/api/2\.0/mlflow"
_MLFLOW_PREVIEW = rf"/mlflow/v[12]\.0{_SCOPE}/api/2\.0/preview/mlflow"


@dataclass(frozen=True)
class Route:
    """An address, as a pattern."""

    dialect: str
    method: str
    pattern: re.Pattern
    resource: str
    reply: Any


def _route(dialect, method, pattern, resource, reply):
    return Route(dialect, method, re.compile(pattern + "$", re.IGNORECASE), resource, reply)


def _discovery(world, request):
    host = request.host
    region = host.partition(".")[0]
    experiments = f"https://{region}.experiments.azureml.net"
    told = {
        "api": f"https://{host}",
        "catalog": "https://catalog.cortanaanalytics.com",
        "experimentation": experiments,
        "gallery": "https://gallery.cortanaintelligence.com/project",
        "history": experiments,
        "hyperdrive": experiments,
        "labeling": experiments,
        "modelmanagement": f"https://{region}.modelmanagement.azureml.net",
        "pipelines": f"https://{region}.aether.ms",
        "studio": "https://ml.azure.com",
    }
    return answer(told)


ROUTES = (
    _route("aad", "POST", r"/(?P<tenant>[^/]+)/oauth2/v2\.0/token", "token", sign_in.token),
    _route("aad", "GET", r"/(?P<tenant>[^/]+)/v2\.0/\.well-known/openid-configuration", "sign-in", sign_in.configuration),
    _route("aad", "GET", r"/common/discovery/instance", "sign-in", sign_in.instance),
    _route("arm", "GET", r"/metadata/endpoints", "sign-in", sign_in.clouds),
    _route("arm", "GET", _SCOPE, "workspace", arm.workspace),
    _route("arm", "GET", _ALL, "workspaces", arm.workspaces),
    _route("arm", "GET", rf"{_SCOPE}/jobs", "jobs", arm.jobs),
    _route("arm", "GET", rf"{_SCOPE}/jobs/(?P<run_id>[^/]+)", "job", arm.job),
    _route("arm", "GET", rf"{_SCOPE}/datastores", "datastores", arm.datastores),
    _route("arm", "GET", rf"{_SCOPE}/datastores/(?P<name>[^/]+)", "datastores", arm.datastore),
    _route("arm", "POST", rf"{_SCOPE}/datastores/(?P<name>[^/]+)/listSecrets", "secrets", arm.secrets),
    _route("arm", "GET", rf"{_SCOPE}/codes/(?P<name>[^/]+)/versions/(?P<version>[^/]+)", "code", arm.code),
    _route("history", "GET", r"/discovery(?:/.*)?", "discovery", _discovery),
    _route("history", "POST", rf"{_HISTORY}/rundata", "rundata", history.rundata),
    _route("history", "POST", rf"{_HISTORY}/batchrundata", "rundata", history.batchrundata),
    _route("history", "POST", rf"{_HISTORY}/experimentids/(?P<experiment_id>[^/]+)/runs:query", "runs-query", history.query),
    _route("history", "GET", rf"{_HISTORY}/experimentids/(?P<experiment_id>[^/]+)", "experiment", history.experiment),
    _route("history", "POST", rf"{_HISTORY}/experiments:query", "experiments", history.experiments),
    _route("history", "GET", rf"{_HISTORY}/experiments/(?P<name>[^/]+)", "experiment", history.experiment_named),
    _route("history", "GET", rf"{_HISTORY}{_RUN_ARTIFACTS}", "artifacts", artifacts.listed),
    _route("history", "GET", rf"{_HISTORY}{_RUN_ARTIFACTS}/contentinfo", "content-info", artifacts.content_info),
    _route("history", "GET", rf"{_HISTORY}{_RUN_ARTIFACTS}/prefix/contentinfo", "content-info", artifacts.prefix_content_info),
    _route("history", "GET", rf"{_HISTORY}{_RUN}/metricsingest/wait", "metrics-ingest", history.metrics_ingest),
    _route("history", "GET", rf"{_HISTORY}{_RUN}/details", "details", history.details),
    _route("history", "GET", rf"{_HISTORY}{_RUN}/children", "children", history.children),
    _route("history", "GET", rf"{_HISTORY}{_RUN}", "run", history.run),
    _route("history", "GET", rf"/history/v1\.0/private{_SCOPE}/runs/(?P<run_id>[^/]+)/spans(?P<active>/active)?", "spans", history.spans),
    _route("history", "GET", rf"{_ARTIFACT}{_ARTIFACTS}", "artifacts", artifacts.listed),
    _route("history", "GET", rf"{_ARTIFACT}{_ARTIFACTS}/contentinfo", "content-info", artifacts.content_info),
    _route("history", "GET", rf"{_ARTIFACT}{_ARTIFACTS}/prefix/contentinfo", "content-info", artifacts.prefix_content_info),
    _route("history", "POST", rf"/data/v1\.0{_SCOPE}/dataversion/batchGetResolvedUris", "data", artifacts.resolved),
    _route("history", "GET", rf"/content/v1\.0{_SCOPE}/snapshots/(?P<snapshot>[^/]+)/sas", "code", snapshots.tree),
    _route("metric", "POST", rf"{_METRIC}/lastvalues", "metric-names", metrics.last_values),
    _route("metric", "POST", rf"{_METRIC}/list", "metric-names", metrics.listed),
    _route("metric", "POST", rf"{_METRIC}/full", "metric-history", metrics.full),
    _route("mlflow", "GET", rf"{_MLFLOW}/runs/get", "metric-names", mlflow.get_run),
    _route("mlflow", "GET", rf"{_MLFLOW}/metrics/get-history", "metric-history", mlflow.get_history),
    _route("mlflow", "POST", rf"{_MLFLOW}/runs/search", "runs-search", mlflow.search_runs),
    _route("mlflow", "POST", rf"{_MLFLOW}/experiments/search", "experiments-search", mlflow.search_experiments),
    _route("mlflow", "GET", rf"{_MLFLOW}/experiments/search", "experiments-search", mlflow.search_experiments),
    _route("analytics", "POST", r"/v1/workspaces/(?P<log>[^/]+)/query", "logs-query", analytics.query),
    _route("metric", "POST", rf"{_METRIC}/batch", "metric-write", writing.metrics_batch),
    _route("history", "POST", rf"{_ARTIFACT}/artifacts/batch/metadata/ExperimentRun/(?P<container>[^/]+)", "artifact-create", writing.create_artifacts),
    _route("history", "PATCH", rf"{_HISTORY}{_RUN}", "run-write", writing.patch_run),
    _route("history", "GET", rf"{_ARTIFACT}/artifacts/prefix/contentinfo/ExperimentRun/(?P<container>[^/]+)/(?P<path>.+)", "content-info", artifacts.prefix_content_info),
    _route("history", "POST", rf"{_HISTORY}{_RUN}/events", "run-write", writing.event),
    _route("mlflow", "POST", rf"{_MLFLOW}/runs/(?:log-metric|log-batch|log-parameter|set-tag)", "mlflow-write", writing.mlflow_written),
    _route("mlflow", "POST", rf"{_MLFLOW_PREVIEW}/runs/log-batch-async", "mlflow-write", writing.mlflow_promised),
    _route("mlflow", "GET", rf"{_MLFLOW_PREVIEW}/runs/get-run-data-status", "mlflow-status", writing.mlflow_arrived),
    _route("mlflow", "POST", rf"{_MLFLOW}/runs/update", "mlflow-write", writing.mlflow_update),
)  # fmt: skip

RESOURCES = frozenset({route.resource for route in ROUTES} | blob_front.RESOURCES)


def dialect_of(host):
    """Who answers on a host."""
    if host == "management.azure.com":
        return "arm"
    if host == "login.microsoftonline.com":
        return "aad"
    if host == "api.loganalytics.io":
        return "analytics"
    if host.endswith(".blob.core.windows.net"):
        return "blob"
    return "history"


def find(request):
    """The route of a request and the words in its address; None when nobody lives there."""
    served = {"history": ("history", "metric", "mlflow")}.get(request.dialect, (request.dialect,))
    for route in ROUTES:
        is_asked = route.dialect in served and route.method == request.method
        if is_asked and (words := route.pattern.match(request.path)):
            return route, words.groupdict()
    return None
