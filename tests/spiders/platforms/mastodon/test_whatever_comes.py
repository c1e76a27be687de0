"""Whatever a stranger's server sends: a value costs itself, a record goes to quarantine, neighbours land unchanged."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flows.clean import clean
from passerelle.identity import Pseudonyms
from passerelle.lake import Lake
from passerelle.records import Record
from pipelines.landing import Landing, Manifest
from spiders.collecting.engagement import follow, read_reposters
from spiders.collecting.hashtags import read_hashtag
from spiders.collecting.histories import read_histories
from spiders.collecting.looking import look_again
from spiders.collecting.reading import settle
from spiders.collecting.threads import read_threads
from spiders.platforms.mastodon.api import first_page
from tests.spiders.crawling import ANNE, BOB, CLOCK, HOST, Page, all_of, canned_crawl, status
from tests.spiders.platforms.mastodon.odd_values import ODD, anything, changed, paths, whole_boost, whole_status

KEY = Pseudonyms(bytes(range(32)))
TAG = first_page("i4emploi")
FIRST, LAST = status(1, ANNE, hours=1, replies_count=1), status(3, BOB, hours=5, reblogs_count=1)
WHOLE = {"status": whole_status(50), "boost": whole_boost(60)}
PLACES = [(name, path) for name, whole in WHOLE.items() for path in paths(whole)]
unhurried = settings(
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


def collected(answers: dict[str, Any]) -> tuple[list[Record], dict[str, Any], Any]:
    """Every record of a whole crawl over canned `answers`, the state it leaves, the campaign."""
    crawl, _ = canned_crawl(answers)
    phases = (
        partial(read_hashtag, crawl, "i4emploi"),
        partial(look_again, crawl),
        partial(read_threads, crawl),
        partial(read_reposters, crawl),
        partial(read_histories, crawl),
    )
    records = asyncio.run(all_of(*phases))
    records += list(settle(crawl))
    follow(crawl)
    return records, crawl.state.to_json(), crawl.run.campaign


def landed(lake: Lake, answers: dict[str, Any]) -> Manifest:
    records, state, campaign = collected(answers)
    orjson.dumps(state)
    with Landing(lake, "run", HOST, campaign, KEY, CLOCK) as landing:
        landing.add_many(records)
        return landing.finish(state)


def rows(lake: Lake, manifest: Manifest, name: str, one: str) -> list[dict[str, Any]]:
    files = manifest["tables"].get(name, {"files": []})["files"]
    found = [row for f in files for row in pq.read_table(lake.staging / "run" / f, partitioning=None).to_pylist()]
    return [row for row in found if row["post_id"] == KEY.post(one)]


def named(whole: dict[str, Any], number: int) -> dict[str, Any]:
    """`whole` as the post of another person, with ids of its own."""
    one = copy.deepcopy(whole)
    for place, kind in ((one, "outer"), (one["reblog"] or {}, "inner")):
        place |= {"id": f"{kind}{number}", "uri": f"https://{HOST}/{kind}/{number}"}
        place.setdefault("account", {})["acct"] = f"dora{number}"
    return one


def odd_pairs() -> Iterator[tuple[str, Any, Any]]:
    """Every place with a third or so of the odd values, each time with others."""
    pairs = ((*place, value) for place in PLACES for value in ODD)
    return islice(pairs, 0, None, 3 if len(ODD) % 3 else 4)


def whole_answers(page: list[Any]) -> dict[str, Any]:
    return {
        TAG: Page(page),
        "/api/v1/statuses/1/context": {"ancestors": [], "descendants": [status(4, BOB, in_reply_to_id="1")]},
        "/api/v1/statuses/3/reblogged_by?limit=80": Page([ANNE]),
    }


@pytest.fixture(scope="module")
def neighbours(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """How the first and the last post of the page land where there is nothing between them."""
    return around(Lake(tmp_path_factory.mktemp("alone")), whole_answers([FIRST, LAST]))


def around(lake: Lake, answers: dict[str, Any]) -> list[dict[str, Any]]:
    manifest = landed(lake, answers)
    found = [row for one in (FIRST, LAST) for row in rows(lake, manifest, "post_versions", one["uri"])]
    return [{k: v for k, v in row.items() if k != "captured_at"} for row in found]


@given(place=st.sampled_from(PLACES), odd=anything)
@example(place=("status", ("replies_count",)), odd=10**30)
@example(place=("status", ("tags", 0, "name")), odd="\ud800")
@unhurried
def test_any_value_of_a_post_costs_its_neighbours_nothing(
    tmp_path: Path, neighbours: list[dict[str, Any]], place: tuple[str, Any], odd: Any
) -> None:
    name, path = place
    answers = whole_answers([FIRST, changed(WHOLE[name], path, odd), LAST])
    assert around(Lake(tmp_path / "lake"), answers) == neighbours


@given(odd=anything, where=st.sampled_from(["page", "context", "ancestors", "reposters", "reposter"]))
@unhurried
def test_any_answer_costs_its_neighbours_nothing(
    tmp_path: Path, neighbours: list[dict[str, Any]], odd: Any, where: str
) -> None:
    answers = whole_answers([FIRST, odd, LAST] if where == "page" else [FIRST, LAST])
    context, reposters = "/api/v1/statuses/1/context", "/api/v1/statuses/3/reblogged_by?limit=80"
    answers |= {
        "context": {context: Page(odd)},
        "ancestors": {context: {"ancestors": odd, "descendants": [odd]}},
        "reposters": {reposters: Page(odd)},
        "reposter": {reposters: Page([ANNE, odd])},
    }.get(where, {})
    assert around(Lake(tmp_path / "lake"), answers) == neighbours


def test_odd_values_in_every_place_pass_the_whole_gate(tmp_path: Path) -> None:
    odd = [changed(named(WHOLE[name], n), path, value) for n, (name, path, value) in enumerate(odd_pairs())]
    lake = Lake(tmp_path / "lake")
    manifest = landed(lake, whole_answers([FIRST, *odd, LAST]))
    counters = manifest["counters"]
    assert counters["fetched"] == counters["landed"] + counters["refused"] + counters["quarantined"]
    assert counters["left_out"]
    done = clean(lake)
    kept = lake.read("posts").to_pylist()
    assert {KEY.post(one["uri"]) for one in (FIRST, LAST)} <= {row["post_id"] for row in kept}
    assert len(kept) > len(odd) / 2
    quarantine, [run] = lake.read("quarantine").to_pylist(), lake.read("runs").to_pylist()
    assert len(quarantine) == run["quarantined"] > 0
    told = orjson.dumps([quarantine, run, done.counters], default=str).decode()
    assert not [clear for clear in ("dora", "cleo", f"{HOST}/", "gras", "\\u001b") if clear in told]
