"""Lists in pages: which part, and the marker of the next one."""

from urllib.parse import parse_qsl, urlencode, urlsplit

SIZES = {
    "children": 50,
    "runs-query": 500,
    "jobs": 50,
    "datastores": 30,
    "workspaces": 100,
    "artifacts": 500,
    "metric-history": 1000,
    "mlflow-history": 25000,
    "runs-search": 1000,
    "experiments": 500,
}
"""As many items a page unless a test or the request says otherwise."""


def page(items, marker, size):
    """The items of a page, and the marker of the next one or None.

    A marker that nobody gave out starts again, so that a client which repeats itself is answered for ever.
    """
    start = int(marker) if (marker or "").isdigit() else 0
    part = items[start : start + size]
    end = start + len(part)
    return part, str(end) if end < len(items) else None


def asked(text, most):
    """A page size that the request may have named, up to the service's own."""
    return min(int(text), most) if (text or "").isdigit() and int(text) else most


def link(request, name, marker):
    """The address of the request with another marker."""
    parts = urlsplit(request.url)
    query = [(key, value) for key, value in parse_qsl(parts.query) if key.lower() != name.lower()]
    return parts._replace(query=urlencode([*query, (name, marker)], safe="$")).geturl()
