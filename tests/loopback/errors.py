"""Errors as each service words them."""

from xml.sax.saxutils import escape

from . import times
from .answers import XML, Answer, answer
from .workspace import identifier

_REASONS = {
    400: ("UserError", "BadArgument"),
    401: ("UserError", "AuthorizationError"),
    403: ("UserError", "ForbiddenError"),
    404: ("UserError", "NotFoundError"),
    409: ("UserError", "ConflictError"),
    429: ("TransientError", "TooManyRequests"),
}


def history(request, status, message, *, message_format=None, parameters=None, headers=None):
    """Run history and its siblings on the data plane."""
    code, inner = _REASONS.get(status, ("ServiceError", None))
    region = request.host.partition(".")[0]
    error = {
        "code": code,
        "severity": None,
        "message": message,
        "messageFormat": message_format,
        "messageParameters": parameters or {},
        "referenceCode": None,
        "detailsUri": None,
        "target": None,
        "details": [],
        "innerError": {"code": inner, "innerError": None} if inner else None,
        "debugInfo": None,
        "additionalInfo": None,
    }
    told = {
        "error": error,
        "correlation": _correlation(request),
        "environment": region,
        "location": region,
        "time": times.history(request.date or times.now()),
        "componentName": {"metric": "metric", "mlflow": "mlflow"}.get(request.dialect, "run-history"),
        "statusCode": status,
    }
    return answer(told, status, **(headers or {}))


def run_not_found(request, run_id):
    """Run history does not know the run."""
    return history(
        request,
        404,
        f"Run runId={run_id} was not found",
        message_format="Run {runId} was not found",
        parameters={"runId": f"runId={run_id}"},
    )


def arm_plain(status, code, message, **headers):
    """Azure Resource Manager's own errors."""
    return answer({"error": {"code": code, "message": message}}, status, **headers)


def arm_service(request, status, message, inner, parameter):
    """Errors of the machine-learning provider behind Azure Resource Manager."""
    name, value = parameter
    region = request.workspace.region if request.workspace else "westeurope"
    info = {
        "ComponentName": "managementfrontend",
        "Correlation": _correlation(request),
        "Environment": region,
        "Location": region,
        "Time": times.history(request.date or times.now()),
        "InnerError": {"code": inner[0], "innerError": {"code": inner[1], "innerError": None}},
        "MessageFormat": message.replace(value, "{" + name + "}"),
        "MessageParameters": {name: value},
    }
    more = [{"type": kind, "info": {"value": value}} for kind, value in info.items()]
    error = {"code": "UserError", "message": message, "details": [], "additionalInfo": more}
    return answer({"error": error}, status)


def storage(status, code, message, **headers):
    """Blob storage, in XML; a HEAD request sees the header only."""
    told = f"{message}\nRequestId:{identifier(code)}\nTime:{times.details(times.now())}"
    body = f"<Error><Code>{code}</Code><Message>{escape(told)}</Message></Error>"
    known = {"Content-Type": XML, "x-ms-error-code": code, "x-ms-request-id": identifier(code)}
    known |= {"Server": "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0", "x-ms-version": "2025-11-05"}
    spelled = {name.replace("_", "-"): value for name, value in headers.items()}
    text = f'\ufeff<?xml version="1.0" encoding="utf-8"?>{body}'.encode()
    return Answer(status, {**known, **spelled}, text)


def sign_in(status, error, message, number):
    """The sign-in service."""
    told = {
        "error": error,
        "error_description": f"AADSTS{number}: {message}",
        "error_codes": [number],
        "timestamp": f"{times.now():%Y-%m-%d %H:%M:%SZ}",
        "trace_id": identifier("trace"),
        "correlation_id": identifier("correlation"),
    }
    return answer(told, status)


def worded(request, status, code, message, **headers):
    """The same trouble in the words of whoever was asked."""
    if request.dialect == "blob":
        return storage(status, code, message, **headers)
    if request.dialect == "arm":
        return arm_plain(status, code, message, **headers)
    if request.dialect == "aad":
        told = sign_in(
            status, "temporarily_unavailable" if status >= 429 else "invalid_client", message, 90033
        )
        told.headers |= {name.replace("_", "-"): value for name, value in headers.items()}
        return told
    return history(request, status, message, headers=headers)


def _correlation(request):
    operation = identifier(request.target).replace("-", "")
    return {"operation": operation, "request": operation[:16]}
