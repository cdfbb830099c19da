from datetime import UTC, datetime

import pytest

from diagnose.collect.azureml.finding import Sought
from diagnose.evidence.run import Phase

SINCE = datetime(2026, 11, 15, tzinfo=UTC)
FINAL = frozenset({Phase.COMPLETED, Phase.FAILED, Phase.CANCELED})


@pytest.fixture
def sought():
    """What a scan looks for where nobody says anything else; fields by name."""

    def made(**fields):
        return Sought(**{"open": True, "closed": FINAL, "statuses": None, "since": SINCE, **fields})

    return made
