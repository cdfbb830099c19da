"""Lists without an end: what a marker looks like in each of them."""

import json
import re

from . import paging

_MARKERS = ("nextLink", "continuationToken", "next_page_token")


def with_marker(answer, request, marker, *, empty=False):
    """The page, naming that one as the next."""
    if request.dialect == "blob":
        return _with_xml_marker(answer, marker, empty=empty)
    told = answer.document
    if not isinstance(told, dict):
        return answer
    items = next(
        (name for name in ("value", "metrics", "runs", "experiments") if isinstance(told.get(name), list)),
        "value",
    )
    if empty:
        told[items] = []
    names = [name for name in _MARKERS if told.get(name)] or [_usual_marker(request)]
    for name in names:
        told[name] = _address(request, marker) if name == "nextLink" else marker
    answer.body = json.dumps(told).encode()
    return answer


def _usual_marker(request):
    return {"arm": "nextLink", "mlflow": "next_page_token"}.get(request.dialect, "continuationToken")


def _address(request, marker):
    return paging.link(request, "$skip" if request.dialect == "arm" else "$continuationtoken", marker)


def _with_xml_marker(answer, marker, *, empty):
    text = answer.whole().body.decode("utf-8-sig")
    text = re.sub(
        r"<NextMarker\s*/>|<NextMarker>[^<]*</NextMarker>", f"<NextMarker>!{marker}</NextMarker>", text
    )
    if empty:
        text = re.sub(r"<Blobs>.*</Blobs>", "<Blobs></Blobs>", text, flags=re.DOTALL)
    answer.body = text.encode("utf-8-sig")
    return answer
