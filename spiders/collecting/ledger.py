"""What a crawl asked for and what came of it: coverage, what could not be had, what it no longer asks for."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from passerelle.allowed import Scope
from passerelle.records import CoverageRecord, MalformedRecord
from spiders.asking.answers import SILENT, Answer
from spiders.asking.api import Api
from spiders.asking.run import Run
from spiders.collecting.shape import AS_FAR_AS_SHOWN
from spiders.collecting.walking import END_UNKNOWN

_DENIALS = 2
REFUSALS = ("login", "legal", "refused")
# worth asking for again in the next run
PASSING = (*SILENT, "malformed", "budget")


class Ledger:
    """The accounts of one crawl.

    `losses` are what could not be had, as ``<scope> <reason>``, and `unended` the other lists that do not tell where
    they end, or are refused; `told` is what to say of them, in English and French; `counts` are numbers by name.
    """

    def __init__(self, run: Run, api: Api) -> None:
        self._run = run
        self._api = api
        self.counts: Counter[str] = Counter()
        self.losses: list[str] = []
        self.unended: list[str] = []
        self.told: list[tuple[str, str]] = []
        self._denials: Counter[str] = Counter()
        self._denial: dict[str, str] = {}

    def denied(self, endpoint: str) -> bool:
        """Whether the server has refused this kind of request often enough not to be asked again."""
        return self._denials[endpoint] >= _DENIALS

    def why_not(self, endpoint: str) -> str | None:
        """Why this kind of request is not made any more, in one word; None where it is."""
        if self._api.lost:
            return self._api.lost_to
        return self._denial[endpoint] if self.denied(endpoint) else None

    def note(self, endpoint: str, answer: Answer) -> None:
        """Count a refusal, or forget those before a success."""
        if answer.outcome in REFUSALS and not answer.of_one:
            self._denials[endpoint] += 1
            self._denial[endpoint] = answer.outcome
        elif answer.outcome == "ok":
            self._denials[endpoint] = 0

    def coverage(
        self,
        scope: Scope,
        subject: str,
        at: datetime,
        got: int,
        reason: str | None,
        *,
        expected: int | None = None,
        span: tuple[datetime, datetime] | None = None,
    ) -> CoverageRecord:
        """What was asked and what came; a timeline not read to its end makes the run partial, unless we cut it."""
        is_cut_timeline = scope == "timeline" and reason not in (None, "limit", *AS_FAR_AS_SHOWN)
        if is_cut_timeline or reason in PASSING:
            self.losses.append(f"{scope} {reason}")
        elif reason in (END_UNKNOWN, "robots", *REFUSALS):
            self.unended.append(f"{scope} {reason}")
        return CoverageRecord(
            platform=self._run.server.kind,
            scope=scope,
            subject=subject,
            captured_at=at,
            source=self._run.source,
            complete=reason is None,
            got=got,
            expected=expected,
            covered_from=span[0] if span else None,
            covered_until=span[1] if span else None,
            reason=reason,
        )

    def malformed(self, answer: Answer) -> MalformedRecord:
        """An answer that is no list, or cannot be read at all."""
        return MalformedRecord(
            source=self._run.source,
            where=answer.url,
            reason=answer.detail or "not what was asked for",
            captured_at=answer.captured_at,
        )
