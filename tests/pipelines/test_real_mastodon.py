"""160 real posts under a hashtag: what their authors' profiles ask for is honoured, and counted apart."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from passerelle.campaign import Campaign, Collect
from passerelle.identity import Pseudonyms
from passerelle.lake import Lake
from pipelines.landing import Landing
from spiders.platforms.mastodon.records import FediverseNames, account_record, post_record

CLOCK = datetime(2025, 7, 16, tzinfo=UTC)
KEY = Pseudonyms(bytes(range(32)))


@pytest.mark.parametrize(
    ("setting", "refused"), [("history", {"noindex": 2}), ("all", {"indexable": 53, "noindex": 2})]
)
def test_few_of_160_posts_are_refused_and_no_name_is_left_in_the_others(
    shared_data: Path, lake: Lake, campaign: Campaign, setting: str, refused: dict[str, int]
) -> None:
    campaign = campaign.model_copy(update={"collect": Collect(indexable=setting)})
    folder = shared_data / "mastodon-ichbinhanna"
    statuses = [s for page in range(1, 5) for s in json.loads((folder / f"page-{page}.json").read_text("utf-8"))]
    names = FediverseNames("mastodon.social", "mastodon.social")
    with Landing(lake, "run", "mastodon.social", campaign, KEY, CLOCK) as landing:
        for status in statuses:
            names.learn(status)
            landing.add(account_record(status["account"], names, CLOCK))
            landing.add(post_record(status, names, CLOCK))
        counters = landing.finish({})["counters"]
    posts = counters["by_class"]["post"]
    num_refused = sum(refused.values())
    assert (posts["fetched"], posts["landed"], posts["refused"]) == (160, 160 - num_refused, num_refused)
    assert posts["refused_by"] == refused
    (file,) = (lake.staging / "run").glob("post_versions-*.parquet")
    texts = pq.read_table(file, partitioning=None, columns=["text"])["text"].to_pylist()
    handles = {a["username"].casefold() for s in statuses for a in [s["account"], *s["mentions"]]}
    assert not handles & {name for text in texts for name in re.findall(r"@([\w.-]+)", text.casefold())}
    assert not [text for text in texts if re.search(r"</?[a-z]|&[a-z]+;", text) or not text]
    assert {link for text in texts for link in re.findall(r"https?://\S{3}", text) if link[8] != "l"} == set()
