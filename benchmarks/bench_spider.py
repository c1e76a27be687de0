"""Pages per second of the spider against a bare Scrapy spider, and the share of a permitted rate that is used.

Both read the same hashtag timeline of the same loopback server, one request at a time, each in a process of its own.
The bare one follows the Link header and yields what it finds: no vault, no records, no policy, no landing.
Times are Scrapy's own, from opening to closing the spider: start-up and imports are left out.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from benchmarks.ratios import print_table
from passerelle.campaign import load_campaign
from tests.sandbox.parameters import Parameters
from tests.sandbox.server import Sandbox
from tests.sandbox.simulate import simulate
from tests.sandbox.stock import HASHTAG

ROUNDS = 3
LIMIT, WINDOW_SECONDS = 15, 6.0
CAMPAIGN = f"""
name = "banc"
hashtags = ["{HASHTAG}"]
purpose = "Measuring the collector on invented people"
legal_basis = "none needed"
retention_days = 1
contact = "banc@example.test"
[[sources]]
kind = "mastodon"
host = "%s"
[collect]
first_days = 4000
threads = false
reposters = false
history_days = %d
delay_seconds = 0
"""


class BareSpider(Spider):
    """What Scrapy does with the same pages when nothing is kept."""

    name = "bare"

    def parse(self, response: Response) -> Iterator[Any]:
        """Every status, then the next page."""
        statuses = response.json()
        yield from statuses
        links = response.headers.get("Link", b"").decode().split(",")
        following = [link.partition(">")[0].strip(" <") for link in links if 'rel="next"' in link]
        if statuses and following:
            yield response.follow(following[0])


def bare(url: str) -> None:
    """Crawl `url` with the bare spider and print Scrapy's statistics (in a process of its own)."""
    process = AsyncCrawlerProcess({"LOG_LEVEL": "ERROR", "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0})
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler, start_urls=[url])
    process.start()
    stats = crawler.stats.get_stats()
    print(json.dumps({"pages": stats["response_received_count"], "seconds": stats["elapsed_time_seconds"]}))


def measure(rounds: int = ROUNDS) -> dict[str, float]:
    """Pages per second of both (best of some rounds, turn by turn), their ratio, and the rate under a limit."""
    world = simulate()
    with tempfile.TemporaryDirectory() as folder, Sandbox(world.world, world.parameters.as_of, limit=10**9) as server:
        ours, theirs = [], []
        for number in range(rounds):
            ours.append(_ours(server, Path(folder) / f"{number}", history_days=0)[0])
            theirs.append(_theirs(server))
    used = _under_a_limit()
    best, best_bare = max(ours), max(theirs)
    return {"pages_per_second": best, "bare_pages_per_second": best_bare, "ratio": best / best_bare, **used}


def _under_a_limit() -> dict[str, float]:
    small = simulate(Parameters(num_weeks=3, prior_weeks=14, num_active=120, num_quiet=12, num_seekers=40))
    with (
        tempfile.TemporaryDirectory() as folder,
        Sandbox(small.world, small.parameters.as_of, limit=LIMIT, window_seconds=WINDOW_SECONDS) as server,
    ):
        _, seconds, share = _ours(server, Path(folder), history_days=84)
        num_refused = sum(status == 429 for _, status in server.log)
        permitted = LIMIT * max(1.0, seconds / WINDOW_SECONDS)
        return {
            "requests": len(server.log),
            "refused_429": num_refused,
            "share_asked": share,
            "share_of_rate_used": len(server.log) / permitted,
            "of_what_is_asked": len(server.log) / permitted / share,
        }


def _ours(server: Sandbox, folder: Path, *, history_days: int) -> tuple[float, float, float]:
    folder.mkdir(parents=True, exist_ok=True)
    campaign = folder / "campaign.toml"
    campaign.write_text(CAMPAIGN % (server.address, history_days), "utf-8")
    command = [sys.executable, "-m", "spiders.crawl", "--campaign", str(campaign), "--lake", str(folder / "lake")]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)  # by the system's clock: waits take their time
    [path] = (folder / "lake" / "staging").glob("*/stats.json")
    stats = json.loads(path.read_text("utf-8"))["scrapy"]
    pages, seconds = stats["response_received_count"], stats["elapsed_time_seconds"]
    return pages / seconds, seconds, load_campaign(campaign).collect.share_of_limit


def _theirs(server: Sandbox) -> float:
    url = f"{server.url}/api/v1/timelines/tag/{HASHTAG}?limit=40"
    command = [sys.executable, "-m", "benchmarks.bench_spider", "bare", url]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    return float(told["pages"] / told["seconds"])


def main(rounds: int = ROUNDS) -> None:
    """Print the figures as a table."""
    print_table(("measured", "value"), list(measure(rounds).items()))


if __name__ == "__main__":
    bare(sys.argv[2]) if sys.argv[1:2] == ["bare"] else main()
