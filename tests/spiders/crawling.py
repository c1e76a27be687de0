"""Running the spider for tests: a whole crawl in a process of its own, or its phases over canned answers."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from passerelle.campaign import Campaign, Collect, Source
from passerelle.records import Record
from spiders.asking.answers import Answer
from spiders.asking.ask import Ask, asked
from spiders.asking.guard import home_url
from spiders.asking.robots import Rules
from spiders.asking.run import Run
from spiders.collecting.crawl import Crawl
from spiders.collecting.state import CrawlState
from spiders.platforms.mastodon.api import Mastodon
from spiders.platforms.mastodon.names import FediverseNames
from tests.spiders.forked import REPOSITORY, crawl_forked
from tests.spiders.kept import records_of

__all__ = ["REPOSITORY"]
KEEP = 'ITEM_PIPELINES={"tests.spiders.kept.KeepRecords": 1}'
CLOCK = datetime(2026, 11, 22, 6, tzinfo=UTC)
HOST = "ville.test"


@dataclass(frozen=True)
class Crawled:
    """A crawl that ended: exit code, standard error, verdict, where it wrote."""

    code: int
    err: str
    verdict: dict[str, Any]
    lake: Path

    @property
    def records(self) -> list[Record]:
        return records_of(self.lake, self.verdict["run_id"])

    @property
    def state(self) -> dict[str, Any]:
        return json.loads((self.lake / "staging" / self.verdict["run_id"] / "state.json").read_text("utf-8"))


def campaign_file(
    folder: Path, host: str, tag: str, *, source: str = "", collect: str = "", kind: str = "mastodon"
) -> Path:
    """A small campaign over one server."""
    path = folder / "campaign.toml"
    path.write_text(
        f'name = "essai"\nhashtags = ["{tag}"]\npurpose = "Trying the collector on invented people"\n'
        'legal_basis = "none needed"\nretention_days = 30\ncontact = "essai@example.test"\n'
        f'[[sources]]\nkind = "{kind}"\nhost = "{host}"\n{source}\n[collect]\ndelay_seconds = 0\n{collect}\n',
        "utf-8",
    )
    return path


def crawl(
    campaign: Path, lake: Path, *words: str, settings: Sequence[str] = (KEEP,), env: dict[str, str] | None = None
) -> Crawled:
    """What ``python -m spiders.crawl`` does."""
    command = ["--campaign", str(campaign), "--lake", str(lake), "--json"]
    for setting in settings:
        command += ["-s", setting]
    environment = {**os.environ, "PASSERELLE_KEY": "ab" * 32, "LANG": "C", **(env or {})}
    done = crawl_forked([*command, *words], environment, timeout=900)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return Crawled(done.returncode, done.stderr, _verdict(lake, told), lake)


def _verdict(lake: Path, told: list[dict[str, Any]]) -> dict[str, Any]:
    if not told:
        return {}
    return json.loads((lake / "staging" / told[-1]["run_id"] / "stats.json").read_text("utf-8"))


class Canned:
    """Stands in for the API: answers by path; what is not there is 404. `homes` are other servers, by host."""

    def __init__(self, answers: dict[str, Any], host: str = HOST) -> None:
        self.base = f"https://{host}"
        self.answers = answers
        self.asked: list[str] = []
        self.lost = False
        self.lost_to = "unreachable"
        self.lost_after = ""  # the last that is answered
        self.rules = Rules()
        self.homes: dict[str, Canned] = {}

    def at_home(self, host: str) -> Canned:
        """The canned home server of that host; one that does not answer where there is none."""
        home_url(host, HOST)
        return self.homes.setdefault(host, Canned({"/robots.txt": Say("unreachable")}, host))

    async def text(self, path: str) -> Answer:
        """The canned answer as text."""
        answer = await self.ask(path)
        return replace(answer, text=str(answer.payload))

    async def ask(self, address: str | Ask) -> Answer:
        """The canned answer."""
        url = urljoin(self.base, asked(address).url)
        path = url.removeprefix(self.base)
        if not self.rules.allow(url):
            return Answer(url=url, outcome="robots", captured_at=CLOCK)
        self.asked.append(path)
        self.lost = self.lost or path == self.lost_after
        value = self.answers.get(path)
        if isinstance(value, Say):
            return Answer(url=url, outcome=value.outcome, captured_at=CLOCK, detail="canned")
        if value is None:
            return Answer(url=url, outcome="gone", captured_at=CLOCK, detail="HTTP 404")
        page = value if isinstance(value, Page) else Page(value)
        at = CLOCK + timedelta(seconds=len(self.asked))
        return Answer(
            url=url, outcome="ok", captured_at=at, payload=page.items, next_url=page.next, has_link=page.linked
        )


@dataclass(frozen=True)
class Say:
    """An answer that is no success."""

    outcome: Any


@dataclass(frozen=True)
class Page:
    """A page and its next link; `linked` false is a server without Link headers."""

    items: Any
    next: str | None = None
    linked: bool = True


class NoTape:
    """For phases that never reach the network."""

    replaying = False


def canned_crawl(
    answers: dict[str, Any],
    *,
    clock: datetime = CLOCK,
    state: CrawlState | None = None,
    deny_instances: tuple[str, ...] = (),
    **collect: Any,
) -> tuple[Crawl, Canned]:
    """A crawl whose server gives `answers`."""
    campaign = Campaign(
        name="essai",
        hashtags=("i4emploi",),
        purpose="Trying the collector",
        legal_basis="none needed",
        retention_days=30,
        contact="essai@example.test",
        deny_instances=deny_instances,
        collect=Collect(**{"history_days": 84, **collect}),
    )
    run = Run(
        lake_root=Path("nowhere"),
        run_id="r1",
        source=HOST,
        server=Source(kind="mastodon", host=HOST),
        campaign=campaign,
        clock=clock,
        now=lambda: clock,
        tape=NoTape(),
    )
    api, state = Canned(answers), state or CrawlState()
    known = {**state.posts, **{native: uri for native, uri in state.parents.items() if uri}}
    platform = Mastodon(run, FediverseNames(HOST, HOST, known, dict(state.accounts)), state)
    return Crawl(run, api, platform, state), api


async def all_of(*phases: Callable[[], AsyncIterator[Record]]) -> list[Record]:
    """Every record of some phases, one after the other."""
    return [record for phase in phases for record in [one async for one in phase()]]


def account(name: str, number: int, **more: Any) -> dict[str, Any]:
    """A Mastodon account."""
    return {"id": str(number), "acct": name, "note": "", "created_at": "2020-01-01T00:00:00.000Z", **more}


ANNE, BOB, CLEO = account("anne", 1), account("Bob@Autre.Test", 2), account("cleo", 3)


def status(number: int, author: dict[str, Any] = ANNE, *, hours: float = 1, **more: Any) -> dict[str, Any]:
    """A Mastodon status written `hours` before the clock, under the hashtag unless `tags` says otherwise."""
    at = (CLOCK - timedelta(hours=hours)).isoformat().replace("+00:00", "Z")
    values = {
        "id": str(number),
        "uri": f"https://{HOST}/p/{number}",
        "created_at": at,
        "account": author,
        "content": "<p>bonjour</p>",
        "visibility": "public",
        "tags": [{"name": "i4Emploi"}],
        "mentions": [],
        "replies_count": 0,
        "reblogs_count": 0,
        "reblog": None,
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
    }
    return values | more
