"""Asks one URL through the spiders' settings and prints what came: run by a test in a process of its own."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

from passerelle.campaign import Campaign, Source
from passerelle.vault import RunInfo, Tape, Vault
from spiders.asking.run import Run
from spiders.asking.vault_handler import UnreachableError
from spiders.crawl import scrapy_settings
from tests.spiders.crawling import CLOCK

SERVER = Source(kind="mastodon", host="localhost")


class OneUrl(Spider):
    name = "one_url"

    async def start(self) -> AsyncIterator[Request]:
        request = Request(self.url, meta={"dont_obey_robotstxt": True})
        try:
            response = await self.crawler.engine.download_async(request)
            print("answered", response.status)
        except UnreachableError as error:
            print("failed", error.kind)
        return
        yield


def main(url: str, folder: str) -> None:
    campaign = Campaign(
        name="t", hashtags=("x1",), purpose="trying out", legal_basis="none", retention_days=1, contact="a@b.test"
    )
    vault = Vault(Path(folder))
    tape = Tape(vault, None, vault.writer(RunInfo(run_id="r", source="x", clock=CLOCK)))
    run = Run(
        lake_root=Path(folder),
        run_id="r",
        source="localhost",
        server=SERVER,
        campaign=campaign,
        clock=CLOCK,
        now=lambda: CLOCK,
        tape=tape,
    )
    process = AsyncCrawlerProcess(scrapy_settings(campaign, ("ITEM_PIPELINES={}", "PASSERELLE_MAX_ATTEMPTS=1")))
    process.crawl(OneUrl, run=run, url=url)
    process.start()


main(*sys.argv[1:])
