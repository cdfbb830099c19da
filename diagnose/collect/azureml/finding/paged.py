"""Lists that are asked for by POST, page by page: a filtered one may have many empty pages before the next row."""

from collections.abc import Iterator
from dataclasses import dataclass

from diagnose.collect.azureml.paging import Pages
from diagnose.collect.azureml.workspace import Json, Service, rows_of
from diagnose.evidence import fields

PAGES_MAX = 4_000
"""100,000 runs at 50 a page, twice."""
EMPTY_MAX = 100
"""A service that looks through 100,000 rows for a few may send what it has after each stretch, and that is often nothing."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Where a list is asked for. `what` names it in the report; the rest is what this service calls its parts."""

    what: str
    service: str
    below: str
    rows: str = "value"
    next_marker: str = "continuationToken"
    marker: str = "continuationToken"


def mlflow_listing(what: str, below: str, rows: str) -> Listing:
    """A list in MLflow's protocol."""
    return Listing(what, "mlflow/v2.0", f"/api/2.0/mlflow{below}", rows, "next_page_token", "page_token")


def posted(service: Service, listing: Listing, body: Json) -> Iterator[tuple[Json, ...]]:
    """The rows of each page; raises GapError in the middle when one cannot be had."""
    turned = Pages(listing.what, PAGES_MAX, EMPTY_MAX)
    while True:
        page = service.question(listing.what, listing.service, listing.below, body)
        rows = tuple(rows_of(page, listing.rows))
        yield rows
        token = fields.text(page, listing.next_marker)
        if not turned.goes_on(token, len(rows)):
            return
        body = dict(body) | {listing.marker: token}
