"""One crawl of one source: its name, its clock, where it reads and writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import Crawler

from passerelle.blocks import Blocks
from passerelle.campaign import Campaign, Source
from passerelle.erased import is_barred
from passerelle.hosts import base_url, is_loopback, slug
from passerelle.identity import Pseudonyms
from passerelle.vault import Attempt, Tape


@dataclass(slots=True, kw_only=True)
class Run:
    """What a spider (and the landing) must know of its run.

    `clock` is when the run began and decides what is due; `now` stamps captures. `state` is the crawl state left
    by the run before. `left_out` names what a replayed recording does not hold. `connect_to`
    (host:port) takes the place of the source's address while a demonstration is recorded. A run that is `streamed` is
    told as things happen, `until` a moment at the latest (None: as long as it takes), or `to_present` only. A live run
    knows who objected (`blocks`, asked by what `pseudonyms` give): `barring` takes them out of each answer.
    """

    lake_root: Path
    run_id: str
    source: str
    server: Source
    campaign: Campaign
    clock: datetime
    now: Callable[[], datetime]
    tape: Tape
    state: Mapping[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    connect_to: str | None = None
    streamed: bool = False
    until: datetime | None = None
    to_present: bool = True
    blocks: Blocks = field(default_factory=lambda: Blocks(b""))
    pseudonyms: Pseudonyms | None = None
    barring: Callable[[Attempt], Attempt] = lambda attempt: attempt

    def is_blocked(self, identity: str) -> bool:
        """Whether nothing is asked about an account: its owner objected, before what is replayed was recorded."""
        return is_barred(identity) or (not self.tape.replaying and self.is_absent(identity))

    def is_absent(self, identity: str) -> bool:
        """Whether an account is of somebody who objected."""
        return self.pseudonyms is not None and self.pseudonyms.account(identity) in self.blocks

    @property
    def is_here(self) -> bool:
        """Whether the source is on this machine."""
        return is_loopback(urlsplit(base_url(self.source)).hostname or "")


def run_of(crawler: Crawler) -> Run:
    """The run of a crawl whose spider has been opened."""
    run: Run = crawler.spider.run  # type: ignore[union-attr]
    return run


def new_run_id(clock: datetime, host: str) -> str:
    """The name of a run, for instance ``20261122T060000Z-social.example``."""
    return f"{clock.astimezone(UTC):%Y%m%dT%H%M%SZ}-{slug(host)}"
