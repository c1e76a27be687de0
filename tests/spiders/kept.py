"""A pipeline that keeps a spider's records as they are, so that tests see them before policy and pseudonyms."""

from __future__ import annotations

import json
import pickle  # between a test and the crawl it started
from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler

from passerelle.lake import STATE
from passerelle.records import Record
from spiders.collecting.state import CrawlState


class KeepRecords:
    """Writes ``staging/<run>/records.pickle``, ``state.pickle`` and a manifest that says so."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._records: list[Record] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Record) -> Record:
        self._records.append(item)
        return item

    def close_spider(self) -> None:
        run = self._crawler.spider.run
        folder = run.lake_root / "staging" / run.run_id
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "records.pickle").write_bytes(pickle.dumps(self._records))
        (folder / "state.pickle").write_bytes(pickle.dumps(self._crawler.spider.state_after()))
        if self._crawler.spider.outcome != "failed":
            (folder / "manifest.json").write_text(f'{{"source": "{run.source}"}}')


def records_of(lake: Path, run_id: str) -> list[Record]:
    """What was kept of a run."""
    return pickle.loads((lake / "staging" / run_id / "records.pickle").read_bytes())  # noqa: S301 (our own file)


def hand_on(lake: Path, run_id: str) -> None:
    """Have the next run begin from what that one left, as a landing does."""
    state = pickle.loads((lake / "staging" / run_id / "state.pickle").read_bytes())  # noqa: S301 (our own file)
    (lake / "staging" / run_id / STATE).write_text(json.dumps(state), "utf-8")


def state_of(lake: Path, run_id: str) -> CrawlState:
    """What that run left for the next."""
    return CrawlState.from_json(pickle.loads((lake / "staging" / run_id / "state.pickle").read_bytes()))  # noqa: S301
