"""One crawl of one server, of whatever platform.

It asks one thing at a time, in the order written in :meth:`PlatformSpider._collect`, so that a recording replays to
the same records in the same order.
"""

from __future__ import annotations

import asyncio
from collections import ChainMap
from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import urljoin

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from passerelle.campaign import load_campaign
from passerelle.errors import PasserelleError
from passerelle.lake import Lake
from passerelle.records import Record
from spiders.asking.answers import SILENT, Answer
from spiders.asking.api import Api
from spiders.asking.guard import hashtag_path
from spiders.asking.robots import Rules, read_rules
from spiders.asking.run import Run
from spiders.collecting.acts import read_acts
from spiders.collecting.barring import barring, state_kept
from spiders.collecting.crawl import Crawl
from spiders.collecting.engagement import follow, read_reposters
from spiders.collecting.hashtags import read_hashtag
from spiders.collecting.histories import read_histories
from spiders.collecting.judging import conclude
from spiders.collecting.looking import look_again
from spiders.collecting.parents import read_parents
from spiders.collecting.quotes import read_quotes
from spiders.collecting.reading import settle
from spiders.collecting.refusals import asked_to_wait, forbidden, losses_told, too_slow, unreached
from spiders.collecting.shape import Opened, Platform
from spiders.collecting.starting import live_run
from spiders.collecting.state import CrawlState
from spiders.collecting.streams import read_stream
from spiders.collecting.threads import read_threads
from spiders.collecting.waiting import ShownPosts


class PlatformSpider(Spider):
    """Hashtag timelines, threads, reposters and participants' histories of one server, of the platform `opened`.

    After the crawl, `outcome` is ``complete``, ``partial`` (some of it could not be had) or ``failed``; `trouble` holds
    what a person must know, `lines` what a partial run lacks (English, French); `policy` says by what right the API was
    read.
    """

    opened: ClassVar[Opened]

    def __init__(self, run: Run, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.state = CrawlState.from_json(run.state)
        self.outcome = "failed"
        self.trouble: PasserelleError | None = None
        self.policy = "not asked"
        self.counts: dict[str, int] = {}
        self.lines: list[tuple[str, str]] = []
        self.is_told_to_end = self.is_behind = False
        self._stopped = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Scrapy's way in; a record that cannot be landed stops the crawl at once.

        `run` is given, or made from `campaign` (a file), `lake` and `source` for ``scrapy crawl PLATFORM -a …``.
        """
        if "run" not in kwargs:
            held = ExitStack()
            kwargs["run"] = run = _own_run(kwargs, held)
            crawler.signals.connect(lambda: conclude(crawler, run), signals.engine_stopped, weak=False)
            crawler.signals.connect(held.close, signals.engine_stopped, weak=False)
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._item_failed, signals.item_error)
        return spider

    def state_whole(self) -> dict[str, Any]:
        """The crawl state that the next run of a replay goes on from."""
        number = int(self.run.state.get("number", 0)) + 1
        return {
            **self.state.to_json(),
            "clock": self.run.clock.isoformat(),
            "run_id": self.run.run_id,
            "number": number,
        }

    def state_after(self) -> dict[str, Any]:
        """The crawl state to land with this run's records: without those who objected, nothing is asked about them."""
        return state_kept(self.run, self.state_whole())

    async def start(self) -> AsyncIterator[Record]:
        """Every record of this run. What went wrong is told by `trouble`, not raised."""
        try:
            async for record in self._collect():
                yield record
                if self._stopped:
                    break
        except PasserelleError as error:
            self.trouble = error
            self.stop("failed")
        # Scrapy 2.19 never ends when it is closed while an item of start() is in the pipelines
        while (slot := self.crawler.engine.scraper.slot) is not None and not slot.is_idle():
            await asyncio.sleep(0)
        # said at once: by itself it looks every five seconds whether all is done
        raise CloseSpider(self._stopped or "finished")

    def stop(self, reason: str) -> None:
        """End the crawl as failed before anything more is asked for."""
        self.outcome, self._stopped = "failed", reason

    async def _collect(self) -> AsyncIterator[Record]:
        for tag in self.run.campaign.hashtags:
            hashtag_path(tag)  # refused before anything is asked
        parents = {native: uri for native, uri in self.state.parents.items() if uri}
        known = ChainMap[str, str](ShownPosts(), self.state.posts, parents)
        platform = self.opened(self.run, self.state, known)
        api = Api(self.crawler, self.run, platform)
        self.run.barring = barring(self.run, type(platform), self.state.domain)
        crawl = Crawl(self.run, api, platform, self.state)
        if self.run.streamed:
            self.policy = "documented public stream"
            async for record in read_stream(crawl, self.crawler.settings.getfloat("PASSERELLE_BACKOFF_SECONDS")):
                yield record
            self.is_told_to_end, self.is_behind = crawl.is_told_to_end, crawl.is_behind
        else:
            await self._preliminaries(api, platform)
            async for record in self._phases(crawl):
                yield record
            follow(crawl)
        kept = timedelta(days=self.run.campaign.collect.history_days + self.run.campaign.collect.first_days)
        self.state.forget_before(self.run.clock - kept)
        self._conclude(crawl, api)

    def _conclude(self, crawl: Crawl, api: Api) -> None:
        ledger, spending = crawl.ledger, crawl.platform.spending
        self.counts = dict(ledger.counts)
        self.lines = [*losses_told(self.run, ledger.unended), *losses_told(self.run, ledger.losses), *ledger.told]
        self.lines += crawl.platform.told
        self.lines += [asked_to_wait(self.run)] if ledger.losses and api.asks_too_long else []
        self.lines += spending.lines(self.run.source) if spending else []
        self.outcome = "partial" if ledger.losses or (spending and spending.refused) else "complete"

    async def _phases(self, crawl: Crawl) -> AsyncIterator[Record]:
        collect = self.run.campaign.collect
        for tag in self.run.campaign.hashtags:
            async for record in read_hashtag(crawl, tag):
                yield record
        phases = [look_again(crawl), read_quotes(crawl)]
        phases += [read_threads(crawl)] if collect.threads else []
        phases += [read_reposters(crawl)] if collect.reposters else []
        phases += [read_acts(crawl)] if collect.reposters and collect.homes else []
        for phase in phases:
            async for record in phase:
                yield record
        phases = [read_histories(crawl)]
        phases += [] if "parents" in self.run.left_out else [read_parents(crawl)]
        for phase in phases:
            async for record in phase:
                yield record
        for record in settle(crawl):
            yield record

    async def _preliminaries(self, api: Api, platform: Platform) -> None:
        if "robots" not in self.run.left_out:
            rules, robots = await read_rules(api, self.run.campaign)
            self.policy = _policy(self.run, rules, robots, api.base, platform)
            longest = self.crawler.settings.getfloat("PASSERELLE_MAX_WAIT_SECONDS")
            if rules.delay > longest and not self.run.server.operator_agreed:
                raise too_slow(self.run, rules.delay, longest)
            if self.run.server.operator_agreed:
                api.rules = rules.only_delay()
        await platform.greet(api)

    def _item_failed(self) -> None:
        self.stop("item_error")


def _own_run(words: dict[str, Any], held: ExitStack) -> Run:
    campaign, lake = load_campaign(Path(words.pop("campaign"))), Lake(Path(words.pop("lake")))
    held.enter_context(lake.lock())
    return live_run(campaign, lake, words.pop("source", ""))


def _policy(run: Run, rules: Rules, robots: Answer, base: str, platform: Platform) -> str:
    """By what right a documented public API is read. Raises PasserelleError where there is none."""
    if robots.outcome in SILENT:
        raise unreached(run, robots)
    if robots.outcome != "ok":
        return "no robots.txt"
    doors = [door for tag in run.campaign.hashtags for door in platform.doors(tag)]
    if all(rules.allow(urljoin(base, door)) for door in doors):
        return "allowed by robots.txt"
    if run.server.operator_agreed:
        return "operator agreed despite robots.txt"
    raise forbidden(run)
