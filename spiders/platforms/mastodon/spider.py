"""The Mastodon API family (Mastodon, snac2, Takahē, GoToSocial, Pleroma…): one crawl of one server.

It asks one thing at a time, in the order written in :meth:`MastodonSpider._collect`, so that a recording replays to
the same records in the same order.
"""

from __future__ import annotations

import asyncio
from collections import ChainMap
from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from passerelle.campaign import load_campaign
from passerelle.errors import PasserelleError, UsageError
from passerelle.hosts import base_url
from passerelle.identity import ascii_domain
from passerelle.lake import Lake
from passerelle.records import Record
from spiders.asking.api import Answer, Api
from spiders.asking.guard import hashtag_path
from spiders.asking.robots import Rules, read_rules
from spiders.asking.run import Run
from spiders.collecting.judging import conclude
from spiders.collecting.refusals import asked_to_wait, forbidden, losses_told, too_slow, unreached
from spiders.collecting.starting import live_run
from spiders.collecting.state import CrawlState
from spiders.platforms.mastodon.crawl import Crawl
from spiders.platforms.mastodon.engagement import follow, read_reposters
from spiders.platforms.mastodon.parents import read_parents
from spiders.platforms.mastodon.records import Names
from spiders.platforms.mastodon.threads import look_again, read_threads
from spiders.platforms.mastodon.timeline import first_page, read_hashtag, read_histories
from spiders.platforms.mastodon.waiting import ShownPosts


class MastodonSpider(Spider):
    """Hashtag timelines, threads, reposters and participants' histories of one server.

    After the crawl, `outcome` is ``complete``, ``partial`` (some of it could not be had) or ``failed``; `trouble` holds
    what a person must know, `lines` what a partial run lacks (English, French); `policy` says by what right the API was
    read.
    """

    name = "mastodon"

    def __init__(self, run: Run, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.state = CrawlState.from_json(run.state)
        self.outcome = "failed"
        self.trouble: PasserelleError | None = None
        self.policy = "not asked"
        self.counts: dict[str, int] = {}
        self.lines: list[tuple[str, str]] = []
        self._stopped = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Scrapy's way in; a record that cannot be landed stops the crawl at once.

        `run` is given, or made from `campaign` (a file), `lake` and `source` for ``scrapy crawl mastodon -a …``.
        """
        if "run" not in kwargs:
            held = ExitStack()
            kwargs["run"] = run = _own_run(kwargs, held)
            crawler.signals.connect(lambda: conclude(crawler, run), signals.engine_stopped, weak=False)
            crawler.signals.connect(held.close, signals.engine_stopped, weak=False)
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._item_failed, signals.item_error)
        return spider

    def state_after(self) -> dict[str, Any]:
        """The crawl state to land with this run's records."""
        number = int(self.run.state.get("number", 0)) + 1
        return {
            **self.state.to_json(),
            "clock": self.run.clock.isoformat(),
            "run_id": self.run.run_id,
            "number": number,
        }

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
        if self._stopped:
            # Scrapy 2.19 never ends when it is closed while an item of start() is in the pipelines
            while (slot := self.crawler.engine.scraper.slot) is not None and not slot.is_idle():
                await asyncio.sleep(0)
            raise CloseSpider(self._stopped)

    def stop(self, reason: str) -> None:
        """End the crawl as failed before anything more is asked for."""
        self.outcome, self._stopped = "failed", reason

    async def _collect(self) -> AsyncIterator[Record]:
        for tag in self.run.campaign.hashtags:
            hashtag_path(tag)  # refused before anything is asked
        api = Api(self.crawler, self.run)
        await self._preliminaries(api)
        domain, parents = self.state.domain or self.run.source, {n: uri for n, uri in self.state.parents.items() if uri}
        known = ChainMap[str, str](ShownPosts(), self.state.posts, parents)
        names = Names(self.run.source, domain, known, dict(self.state.accounts))
        crawl = Crawl(self.run, api, names, self.state)
        async for record in self._phases(crawl):
            yield record
        follow(crawl)
        kept = timedelta(days=self.run.campaign.collect.history_days + self.run.campaign.collect.first_days)
        self.state.forget_before(self.run.clock - kept)
        self.counts = dict(crawl.counts)
        self.lines = [*losses_told(self.run, crawl.unended), *losses_told(self.run, crawl.losses), *crawl.told]
        self.lines += [asked_to_wait(self.run)] if crawl.losses and api.asks_too_long else []
        self.outcome = "partial" if crawl.losses else "complete"

    async def _phases(self, crawl: Crawl) -> AsyncIterator[Record]:
        collect = self.run.campaign.collect
        for tag in self.run.campaign.hashtags:
            async for record in read_hashtag(crawl, tag):
                yield record
        phases = [look_again(crawl)]
        phases += [read_threads(crawl)] if collect.threads else []
        phases += [read_reposters(crawl)] if collect.reposters else []
        for phase in phases:
            async for record in phase:
                yield record
        phases = [read_histories(crawl)]
        phases += [] if "parents" in self.run.left_out else [read_parents(crawl)]
        for phase in phases:
            async for record in phase:
                yield record
        for record in crawl.settle():
            yield record

    async def _preliminaries(self, api: Api) -> None:
        if "robots" not in self.run.left_out:
            rules, robots = await read_rules(api, self.run.campaign)
            self.policy = _policy(self.run, rules, robots, api.base)
            longest = self.crawler.settings.getfloat("PASSERELLE_MAX_WAIT_SECONDS")
            if rules.delay > longest and not self.run.server.operator_agreed:
                raise too_slow(self.run, rules.delay, longest)
            if self.run.server.operator_agreed:
                api.rules = rules.only_delay()
        if not self.state.domain and "instance" not in self.run.left_out:
            self.state.domain = await _account_domain(api)

    def _item_failed(self) -> None:
        self.stop("item_error")


def _own_run(words: dict[str, Any], held: ExitStack) -> Run:
    campaign, lake = load_campaign(Path(words.pop("campaign"))), Lake(Path(words.pop("lake")))
    held.enter_context(lake.lock())
    return live_run(campaign, lake, words.pop("source", ""))


def _policy(run: Run, rules: Rules, robots: Answer, base: str) -> str:
    """By what right a documented public API is read. Raises PasserelleError where there is none."""
    if robots.outcome == "unreachable":
        raise unreached(run, robots)
    if robots.outcome != "ok":
        return "no robots.txt"
    if all(rules.allow(f"{base}{first_page(tag)}") for tag in run.campaign.hashtags):
        return "allowed by robots.txt"
    if run.server.operator_agreed:
        return "operator agreed despite robots.txt"
    raise forbidden(run)


async def _account_domain(api: Api) -> str:
    """The domain of the server's accounts, which may differ from its host; empty where it does not say."""
    for path, name in (("/api/v2/instance", "domain"), ("/api/v1/instance", "uri")):
        answer = await api.get(path)
        told = answer.payload.get(name) if answer.outcome == "ok" and isinstance(answer.payload, dict) else None
        if isinstance(told, str) and (domain := ascii_domain(told.rpartition("://")[2].strip("/"))):
            try:
                base_url(domain)
            except UsageError:
                continue  # it is no domain: a bare account takes the host
            return domain
    return ""
