"""Archives that nobody here wrote: exact counts, through the landing and against an empty lake."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from passerelle.campaign import Campaign, Mapping
from passerelle.identity import Pseudonyms
from passerelle.lake import Lake
from passerelle.tables import POST_VERSIONS
from pipelines.landing import Landing, Manifest
from spiders.archives import read_archives
from transforms.merging.versions import fates

CLOCK = datetime(2026, 11, 22, 6, tzinfo=UTC)
KEY = Pseudonyms(bytes(range(32)))
CAMPAIGN = Campaign(
    name="real",
    hashtags=("rlweek2017",),
    purpose="tests on real archives",
    legal_basis="published open data",
    retention_days=1,
    contact="contact@example.org",
)
RETWEETS = Mapping(
    platform="twitter",
    post="content_id",
    author="account_id",
    created_at="timestamp_share",
    time_format="unix",
    repost_of="object_id",
)


def landed(lake: Lake, *paths: Path, **how: Any) -> tuple[Manifest, pa.Table]:
    with Landing(lake, "run", "import", CAMPAIGN, KEY, CLOCK) as landing:
        landing.add_many(read_archives(paths, clock=CLOCK, **how))
        manifest = landing.finish(None)
    files = [lake.staging / "run" / file for file in manifest["tables"]["post_versions"]["files"]]
    return manifest, pa.concat_tables([pq.read_table(file, partitioning=None) for file in files])


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path)


def test_rlweek_has_289_rows_of_286_posts_and_3_exact_repeats(shared_data: Path, lake: Lake) -> None:
    manifest, rows = landed(lake, shared_data / "twitter-rlweek2017" / "rlweek2017.csv.gz")
    assert manifest["counters"]["by_class"]["post"]["fetched"] == rows.num_rows == 289
    assert Counter(fates(rows, POST_VERSIONS.empty())) == {"accepted": 286, "duplicate": 3}
    assert manifest["tables"]["accounts"]["rows"] == 56
    assert rows.num_rows - rows["repost_of_id"].null_count == 94
    # every retweet names the account that it retweets, also where the original is not in the set
    assert rows["repost_of_author_id"].null_count == rows["repost_of_id"].null_count
    replies = [row for row in rows.to_pylist() if row["reply_to_author_id"]]
    assert len(replies) == 12
    assert not [row for row in replies if row["reply_to_id"]]
    assert all(row["reply_to_author_id"] in row["prefix_mentions"] for row in replies)


def test_no_name_of_rlweek_is_in_any_text(shared_data: Path, lake: Lake) -> None:
    import csv
    import gzip
    import re

    path = shared_data / "twitter-rlweek2017" / "rlweek2017.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    names = {name.casefold() for row in table for name in [row["screen_name"], *row["mentions_screen_name"].split()]}
    _, rows = landed(lake, path)
    said = {name for text in rows["text"].to_pylist() for name in re.findall(r"@(\w+)", text.casefold())}
    assert said
    assert not names & said


def test_all_19_tweets_of_both_apis_come_with_those_inside_them_apart(shared_data: Path, lake: Lake) -> None:
    folder = shared_data / "twitter-formats"
    manifest, rows = landed(lake, folder / "10-v1.1-sample.jsonl", folder / "9-v2-flattened.jsonl")
    by_class = manifest["counters"]["by_class"]
    assert (by_class["post"]["landed"], by_class["embedded_post"]["landed"]) == (19, 12)
    assert manifest["counters"]["quarantined"] == 0
    seen = Counter((row["embedded"], row["repost_of_id"] is not None) for row in rows.to_pylist())
    assert seen == {(False, True): 11, (False, False): 8, (True, False): 12}
    known = set(rows["post_id"].to_pylist())
    assert {row["repost_of_id"] for row in rows.to_pylist()} - {None} <= known
    replies = [row for row in rows.to_pylist() if row["reply_to_id"]]
    assert len(replies) == 3
    assert all(row["prefix_mentions"] == row["mentions"] != [] for row in replies)


def test_35125_retweet_events_collapse_by_one_repeat_and_39_second_originals(shared_data: Path, lake: Lake) -> None:
    """One row is repeated exactly; 39 retweets are given twice, as retweets of two different posts each."""
    path = shared_data / "retweet-network" / "russian_coord_tweets.csv.gz"
    manifest, rows = landed(lake, path, mapping=RETWEETS)
    assert manifest["counters"]["by_class"]["post"]["landed"] == rows.num_rows == 35_125
    assert Counter(fates(rows, POST_VERSIONS.empty())) == {"accepted": 35_085, "updated": 39, "duplicate": 1}
    twice = [post for post, n in Counter(rows["post_id"].to_pylist()).items() if n == 2]
    assert len(twice) == 40
    assert len(set(rows["author_id"].to_pylist())) == 9_509
    assert len(set(rows["repost_of_id"].to_pylist())) == 7_285


def test_the_same_files_again_are_duplicates_only(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "twitter-rlweek2017" / "rlweek2017.csv.gz"
    _, first = landed(Lake(tmp_path / "a"), path)
    _, again = landed(Lake(tmp_path / "b"), path)
    assert Counter(fates(again, first)) == {"duplicate": 289}
