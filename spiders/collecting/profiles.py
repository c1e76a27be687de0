"""Who wrote what a stream shows: it tells no wishes, so that profiles are asked for before anything is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from passerelle.records import AccountRecord
from spiders.asking.answers import SILENT, Answer
from spiders.asking.robots import read_rules
from spiders.collecting.crawl import Crawl
from spiders.collecting.shape import MALFORMED, Streaming

MOST_AT_ONCE = 25
_NOT_SHOWN, _UNKNOWN = "withheld", "unknown"


class Profiles:
    """The profiles of those who act, each asked for once a run, many at a time.

    Whom the server does not show is withheld, and so is everybody while it is silent; a server that offers no profiles
    says nothing of anybody's wishes: what they wrote is kept, and it is said.
    """

    def __init__(self, crawl: Crawl, stream: Streaming) -> None:
        self._crawl = crawl
        self._stream = stream
        self._shown: dict[str, Mapping[str, Any]] = {}
        self._kept_back: dict[str, str] = {}
        self._is_prepared = False
        self.are_offered = True

    def knows(self, local: str) -> bool:
        """Whether nothing need be asked about somebody."""
        return not self.are_offered or local in self._shown or local in self._kept_back

    def forget(self, local: str) -> None:
        """Ask about somebody again: something changed."""
        self._shown.pop(local, None)

    def of(self, local: str) -> Mapping[str, Any]:
        """What is shown of somebody; empty where nothing is."""
        return self._shown.get(local, {})

    def why_not(self, local: str) -> str | None:
        """Why what somebody wrote is not shown to the public, in a word; None where it is."""
        return self._kept_back.get(local)

    async def ask(self, locals_: Iterable[str]) -> list[AccountRecord]:
        """The accounts of some people."""
        found: list[AccountRecord] = []
        for some in _groups(list(dict.fromkeys(locals_))):
            if not self.are_offered:
                break
            await self._prepare()
            answer = await self._crawl.api.ask(self._stream.profiles(some))
            found += self._read(some, answer)
        return found

    async def _prepare(self) -> None:
        """The rules of the run's own server; others are read when they are asked."""
        if not self._is_prepared and "robots" not in self._crawl.run.left_out:
            await read_rules(self._crawl.api, self._crawl.run.campaign)
        self._is_prepared = True

    def _read(self, some: Iterable[str], answer: Answer) -> Iterator[AccountRecord]:
        try:
            if answer.outcome == "ok":
                yield from self._shown_in(some, self._stream.shown_profiles(answer.payload), answer.captured_at)
                return
        except MALFORMED:
            pass
        if answer.outcome in (*SILENT, "malformed", "ok"):
            self._kept_back |= dict.fromkeys(some, _UNKNOWN)
            self._crawl.ledger.losses.append(f"profile {answer.outcome if answer.outcome != 'ok' else 'malformed'}")
        else:
            self.are_offered = False
            self._crawl.ledger.unended.append("profile not_offered")

    def _shown_in(self, some: Iterable[str], shown: Mapping[str, Any], at: datetime) -> Iterator[AccountRecord]:
        for local in some:
            if local not in shown:
                self._kept_back[local] = _NOT_SHOWN
                continue
            try:
                account = self._stream.account(shown[local], at)
            except MALFORMED:
                self._kept_back[local] = _UNKNOWN
                self._crawl.ledger.counts["profiles_unread"] += 1
                continue
            self._shown[local] = shown[local]
            yield account


def _groups(people: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(people), MOST_AT_ONCE):
        yield people[start : start + MOST_AT_ONCE]
