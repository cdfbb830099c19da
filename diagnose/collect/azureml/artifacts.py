"""The artifact service: what lies below a run where the storage account itself may not be listed."""

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.collect.azureml.workspace import Service, rows_of
from diagnose.evidence import fields
from diagnose.evidence.bundle import PartState

ARTIFACTS = "artifact/v2.0"
PATHS_MAX = 100_000


def artifact_paths(service: Service, container: str) -> Iterator[str]:
    """The paths of a run's artifacts, names only; raises GapError. `container` is the run's data container."""
    what = "the list of artifacts"
    url = f"https://{service.host}/{ARTIFACTS}{service.workspace.path}/artifacts/ExperimentRun/{quote(container, safe='')}"
    count = 0
    for page in service.pages(what, url):
        for row in rows_of(page):
            path = fields.text(row, "path")
            if not path:
                continue
            count += 1
            if count > PATHS_MAX:
                raise GapError(Gap(what, PartState.PARTIAL, f"there are more than {PATHS_MAX:,}"))
            yield path


def content_url(service: Service, container: str, path: str) -> str:
    """A URL that may read one artifact; raises GapError."""
    below = f"/artifacts/ExperimentRun/{quote(container, safe='')}/contentinfo?{urlencode({'path': path})}"
    answer = service.data(f"the address of {path}", ARTIFACTS, below)
    url = fields.text(answer, "contentUri")
    if url is None:
        raise GapError(Gap(f"the address of {path}", PartState.FAILED, "the artifact service names none"))
    return url
