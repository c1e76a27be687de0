"""Scrapy's door: a crawl that ends well leaves a run; a write that fails stops the crawl and leaves none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

CRAWL = """
import asyncio, json, sys, types
from datetime import UTC, datetime
from pathlib import Path
import pyarrow.parquet as pq
import scrapy
from scrapy.crawler import CrawlerProcess
from passerelle.campaign import Campaign
from passerelle.records import PostRecord
from pipelines import landing

root, fault = Path(sys.argv[1]), sys.argv[2]
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
CAMPAIGN = Campaign(name="x", hashtags=("i4emploi",), purpose="a test of landing", legal_basis="none needed",
                    retention_days=1, contact="c@example.org")
landing.BATCH_ROWS = 10
landing.Landing.__init__.__kwdefaults__["batch_rows"] = 10

def post(n):
    return PostRecord(platform="mastodon", post=f"https://pont.test/{n}", author="acct:lea@pont.test", created_at=NOW,
                      captured_at=NOW, source="pont.test", text="<p>Bonjour</p>", text_format="html")

class Spider(scrapy.Spider):
    name = "invented"
    made = 0
    outcome = "complete"
    run = types.SimpleNamespace(lake_root=root, run_id="run", source="pont.test", campaign=CAMPAIGN, clock=NOW)

    def state_after(self):
        return {"made": self.made}

    async def start(self):
        for n in range(100_000 if fault == "full" else 25):
            Spider.made = n + 1
            yield post(n)
            if n % 40 == 39:
                await asyncio.sleep(0.01)  # as if the next page were on its way
        if fault == "cancelled":
            raise scrapy.exceptions.CloseSpider("cancelled")

if fault in ("full", "full at the end"):
    writes, write = [], pq.write_table
    def sometimes(*args, **more):
        writes.append(1)
        if len(writes) > (1 if fault == "full" else 2):
            raise OSError(28, "No space left on device")
        write(*args, **more)
    pq.write_table = sometimes

process = CrawlerProcess({"ITEM_PIPELINES": {"pipelines.landing_pipeline.LandingPipeline": 300}, "LOG_LEVEL": "ERROR",
                          "TELNETCONSOLE_ENABLED": False})
crawler = process.create_crawler(Spider)
process.crawl(crawler)
process.start()
stats = crawler.stats.get_stats()
print(json.dumps({"made": Spider.made, "reason": stats["finish_reason"], "error": stats.get("landing/error")}))
"""


def crawl(root: Path, fault: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", CRAWL, str(root), fault], capture_output=True, text=True, check=True, timeout=90
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_a_crawl_that_ends_well_leaves_a_run_and_its_state(tmp_path: Path) -> None:
    assert crawl(tmp_path, "none") == {"made": 25, "reason": "finished", "error": None}
    manifest = json.loads((tmp_path / "staging" / "run" / "manifest.json").read_text())
    assert manifest["counters"]["landed"] == manifest["tables"]["post_versions"]["rows"] == 25
    assert json.loads((tmp_path / "staging" / "run" / "state.json").read_text()) == {"made": 25}


def test_a_write_error_stops_the_crawl_at_once(tmp_path: Path) -> None:
    answer = crawl(tmp_path, "full")
    assert answer["reason"] == "landing_failed"
    assert "No space left on device" in answer["error"]
    assert answer["made"] < 1_000
    assert not (tmp_path / "staging" / "run").exists()


def test_a_write_error_at_the_very_end_is_told_and_leaves_no_run(tmp_path: Path) -> None:
    assert "No space left on device" in crawl(tmp_path, "full at the end")["error"]
    assert not (tmp_path / "staging" / "run").exists()


def test_a_crawl_that_was_cut_leaves_no_run(tmp_path: Path) -> None:
    assert crawl(tmp_path, "cancelled")["reason"] == "cancelled"
    assert not (tmp_path / "staging" / "run").exists()
