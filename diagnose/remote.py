"""A RUN that is not on disk: which workspace it is in, who asks for it, and its evidence for as long as it is needed."""

import logging
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from diagnose.errors import DiagnoseError, UsageError
from diagnose.evidence.bundle import Bundle
from diagnose.messages import NOTICE, passing
from diagnose.settings import Asked, Options, Where, asked, where
from diagnose.settings.typed import RUN_ID

if TYPE_CHECKING:
    from diagnose.collect.azureml.sign_in import Tokens

log = logging.getLogger("diagnose")

_GAPS_SAID = 8
_ADDRESSES = (
    "https://",
    "http://",
    "azureml://",
    "/subscriptions/",
    "subscriptions/",
    "ml.azure.",
    "<https://",
)
_FILE = re.compile(r"\.(?:zip|tar|tgz|gz|log|txt|jsonl?|out|err|csv|html?|md|ya?ml|py|xml)$", re.IGNORECASE)


@dataclass
class Remote:
    """The runs of one command. Tokens are kept from one run to the next."""

    options: Options = field(default_factory=Options)
    use_secrets: bool = False
    siblings: int | None = None
    """So many earlier runs of the same experiment are looked at; as many as usual when nobody said."""
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    """As it was at the start: azure-ai-ml writes its cloud into it, where the next run must not find it."""
    _tokens: "dict[str, Tokens]" = field(default_factory=dict)

    def where(self, run: Asked | None) -> Where:
        """The workspace of a run, or without one that of the settings; raises UsageError."""
        found = where(run, self.options, self.environ, Path.cwd(), Path.home())
        for trouble in found.passed_over:
            log.log(NOTICE, "%s.", trouble)
        return found

    @contextmanager
    def bundle(self, typed: str) -> Iterator[Bundle]:
        """The evidence of a live run; raises DiagnoseError.

        Nothing of it is left on the disk afterwards.
        """
        run = asked(typed)
        try:
            found = self.where(run)
        except UsageError as error:
            if typed == run.run_id:  # it may as well be the name of a file, mistyped
                raise DiagnoseError(f"{typed} is not on disk. To ask Azure: {error}") from error
            raise
        from diagnose.collect.azureml import earlier, live  # noqa: PLC0415  (Azure's clients, for a live run only)

        log.info("asking the workspace %s for %s", found.workspace.value, run.run_id)
        count = earlier.COUNT if self.siblings is None else self.siblings
        how = live.How(_told, use_secrets=self.use_secrets, siblings=count)
        service = live.connect(found, self.environ, how, self._tokens.get(found.cloud.value))
        self._tokens[found.cloud.value] = service.tokens
        try:
            with live.captured(service, run.run_id, how) as bundle:
                passing("")
                _say_gaps(bundle)
                log.info(
                    "%d requests, %.1f s of clock skew",
                    len(service.wire.calls),
                    service.wire.clock.skew_s or 0,
                )
                yield bundle
        finally:
            passing("")


def is_elsewhere(typed: str) -> bool:
    """Whether Azure is to be asked for what is not on disk: a file's name is a mistyped path and no run."""
    return typed.startswith(_ADDRESSES) or bool(RUN_ID.fullmatch(typed) and not _FILE.search(typed))


def _told(what: str) -> None:
    log.info("reading %s", what)
    passing(f"reading {what}")


def _say_gaps(bundle: Bundle) -> None:
    """What could not be read is said before the verdict is; it stands in the report too."""
    # The status history is asked for on trial: the service publishes no way to it.
    missed = [gap for gap in bundle.manifest.gaps if gap.get("what") != "the status history"]
    gaps = [f"{gap.get('what')}: {gap.get('reason')}" for gap in missed]
    for said in list(dict.fromkeys(gaps))[:_GAPS_SAID]:
        log.log(NOTICE, "not read: %s", said)
    if len(gaps) > _GAPS_SAID:
        log.log(NOTICE, "not read: %d more; bundle.json lists them (--keep-bundle)", len(gaps) - _GAPS_SAID)
