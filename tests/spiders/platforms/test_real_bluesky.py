"""What a real index showed of a real hashtag, where it lies beside the repository: every post, in exact numbers."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from passerelle.hashtags import fold_hashtag
from passerelle.records import PostRecord
from spiders.platforms.bluesky import records
from spiders.platforms.bluesky.trees import above, below

HOST, AT = "public.api.bsky.app", datetime(2025, 7, 4, tzinfo=UTC)


def answer(shared_data: Path, method: str) -> Any:
    [path] = (shared_data / "bluesky-rstats").glob(f"{method}*.json")
    return json.loads(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def shown(shared_data: Path) -> list[dict[str, Any]]:
    """The posts of a search as they came."""
    found: list[dict[str, Any]] = answer(shared_data, "searchPosts")["posts"]
    return found


@pytest.fixture(scope="module")
def posts(shown: list[dict[str, Any]]) -> list[PostRecord]:
    return [records.post_record(one, HOST, AT) for one in shown]


def test_all_99_posts_of_52_people_are_read(posts: list[PostRecord]) -> None:
    assert (len({post.post for post in posts}), len({post.author for post in posts})) == (99, 52)
    assert [post.left_out for post in posts if post.left_out] == []
    assert Counter(post.visibility for post in posts) == {"public": 92, "bridged": 7}
    assert Counter(post.language for post in posts) == {"en": 54, None: 43, "es": 1, "pt": 1}


def test_the_hashtag_is_found_also_where_no_facet_sets_it(shown: list[dict[str, Any]], posts: list[PostRecord]) -> None:
    by_facet = [records.hashtags({**one["record"], "tags": []}) for one in shown]
    assert sum("rstats" in map(fold_hashtag, tags) for tags in by_facet) == 95
    assert sum("rstats" in map(fold_hashtag, post.hashtags) for post in posts) == 99


def test_a_claim_of_time_in_any_zone_is_kept_where_it_can_be(shown: list[dict[str, Any]]) -> None:
    assert Counter(one["record"]["createdAt"][-6:].lstrip("0123456789.:") for one in shown) == {
        "Z": 66, "-05:00": 31, "+00:00": 2,
    }  # fmt: skip
    late = [records.indexed_at(one) - records.created_at(one) for one in shown]
    assert min(late).total_seconds() >= 0
    assert sum(wait.total_seconds() > 3600 for wait in late) == 1


def test_who_answers_and_quotes_whom(shown: list[dict[str, Any]], posts: list[PostRecord]) -> None:
    there = {post.post for post in posts}
    replies = [post for post in posts if post.reply_to]
    assert (len(replies), sum(post.reply_to in there for post in replies)) == (13, 3)
    assert sum(records.shown_quote(one) is not None for one in shown) == 5


def test_a_copys_date_of_the_year_one_is_no_date(shown: list[dict[str, Any]]) -> None:
    accounts = [records.account_record(one["author"], HOST, AT) for one in shown]
    undated = {account.handle for account in accounts if account.created_at is None}
    assert undated == {"bluesky:@coolbutuseless.fosstodon.org.ap.brid.gy"}
    assert sum(account.evidence.noindex for account in accounts) == 0


def test_a_thread_of_four_and_24_reposters(shared_data: Path) -> None:
    thread = answer(shared_data, "getPostThread")
    assert (len(below(thread)), len(above(thread))) == (3, 0)
    engagers = answer(shared_data, "getRepostedBy")["repostedBy"]
    assert len({records.account_record(one, HOST, AT).account for one in engagers}) == 24
