"""Scrapy's door to the landing: ``ITEM_PIPELINES = {"pipelines.landing_pipeline.LandingPipeline": 300}``."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, Self, cast

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.defer import deferred_from_coro

from passerelle.campaign import Campaign
from passerelle.errors import PasserelleError
from passerelle.keys import study_key
from passerelle.lake import Lake
from passerelle.records import Record
from pipelines.landing import Landing

logger = logging.getLogger(__name__)
_CANNOT_LAND = (PasserelleError, ValueError, TypeError, OverflowError)


class RunFacts(Protocol):
    """What the landing must know of a run."""

    lake_root: Path
    run_id: str
    source: str
    campaign: Campaign
    clock: datetime


class LandingSpider(Protocol):
    """A spider whose records can land."""

    run: RunFacts
    trouble: PasserelleError | None  # what a person must be told
    outcome: str  # complete, or partial where some of it could not be had

    def state_after(self) -> Mapping[str, Any]:
        """The crawl state to keep once the crawl has ended well."""


class LandingPipeline:
    """Lands what a spider yields; `spider.run` says where and for which campaign.

    `spider.run` has `lake_root`, `run_id`, `source`, `campaign`, `clock`; `spider.state_after()` gives the state to
    keep. The manifest is written only when the crawl ended as ``finished``. A record that cannot be written stops
    the crawl at once with reason ``landing_failed``: Scrapy alone would go on, and end well.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._landing: Landing | None = None
        self._failed = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        pipeline = cls(crawler)
        crawler.signals.connect(pipeline.spider_closed, signals.spider_closed)
        return pipeline

    def open_spider(self) -> None:
        """Begin the run's staging folder."""
        run = self._spider.run
        lake = Lake(run.lake_root)
        self._landing = Landing(lake, run.run_id, run.source, run.campaign, study_key(lake, run.campaign), run.clock)

    def process_item(self, item: Record) -> Record:
        """Land one record."""
        if self._failed or self._landing is None:
            return item
        try:
            self._landing.add(item)
        except _CANNOT_LAND as error:
            self._fail(error)
            deferred_from_coro(self._stop())
        return item

    def spider_closed(self, reason: str) -> None:
        """Finish the run if the crawl ended well, else leave nothing that could pass for a run."""
        if self._landing is None:
            return
        if self._failed or reason != "finished":
            self._landing.abort()
            return
        try:
            self._landing.finish(self._spider.state_after(), self._spider.outcome)
        except _CANNOT_LAND as error:
            self._fail(error)
            self._landing.abort()

    @property
    def _spider(self) -> LandingSpider:
        return cast("LandingSpider", self._crawler.spider)

    async def _stop(self) -> None:
        """Close the crawl between two items: closed while one from `start()` is on its way, Scrapy waits for ever."""
        engine = self._crawler.engine
        while (slot := engine.scraper.slot) is not None and not slot.is_idle():
            await asyncio.sleep(0)
        await engine.close_spider_async(reason="landing_failed")

    def _fail(self, error: Exception) -> None:
        """Log it as an error, by which the crawl is judged."""
        self._failed = True
        if isinstance(error, PasserelleError):
            self._spider.trouble = error
        logger.error("landing failed: %s", error)
        self._crawler.stats.set_value("landing/error", str(error))
