"""Answers that somebody else recorded, replayed with their own headers."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from passerelle.errors import UsageError
from passerelle.records import AccountRecord, CoverageRecord, PostRecord
from passerelle.vault import Vault
from passerelle.weeks import iso_week
from tests.spiders.crawling import campaign_file, crawl
from tests.spiders.platforms.mastodon.recorded import import_recording

ONLY_THE_TIMELINE = "max_pages = 4\nfirst_days = 400\nthreads = false\nreposters = false\nhistory_days = 0"


@pytest.fixture
def vault(shared_data: Path, tmp_path: Path) -> Path:
    import_recording(shared_data / "mastodon-ichbinhanna", Vault(tmp_path / "vault"), "IchBinHanna")
    return tmp_path / "vault"


def test_a_real_timeline_comes_whole_with_its_own_times(vault: Path, tmp_path: Path) -> None:
    campaign = campaign_file(tmp_path, "mastodon.social", "IchBinHanna", collect=ONLY_THE_TIMELINE)
    done = crawl(campaign, tmp_path / "lake", "--replay", str(vault))
    assert (done.code, done.err) == (0, "")
    posts = [record for record in done.records if isinstance(record, PostRecord)]
    assert len({post.post for post in posts}) == len(posts) == 160
    assert len({post.author for post in posts}) == 74
    assert len({iso_week(post.created_at) for post in posts}) == 29
    assert {(post.captured_at.astimezone(UTC).date().isoformat()) for post in posts} == {"2025-07-17"}
    assert sum(post.reply_to is not None for post in posts) == 57
    assert sum((post.reply_to or "").startswith(("https", "at://")) for post in posts) == 11
    copies = [post for post in posts if post.platform == "bluesky"]
    assert len(copies) == 58, "a bridge brought them from Bluesky"
    assert all(post.post.startswith("at://did:") and post.author.startswith("bluesky:did:") for post in copies)
    assert sum(post.reply_to is not None and post.reply_to_author == post.author for post in posts) == 27
    [coverage] = [record for record in done.records if isinstance(record, CoverageRecord)]
    assert (coverage.complete, coverage.reason) == (False, "limit")  # the recording ends; the timeline goes on
    people = [record for record in done.records if isinstance(record, AccountRecord)]
    assert sum(account.evidence.noindex for account in people) == 1


def test_policy_refusals_are_counted_apart(vault: Path, tmp_path: Path) -> None:
    import json

    campaign = campaign_file(tmp_path, "mastodon.social", "IchBinHanna", collect=ONLY_THE_TIMELINE)
    done = crawl(campaign, tmp_path / "lake", "--replay", str(vault), settings=())
    manifest = json.loads((tmp_path / "lake/staging" / done.verdict["run_id"] / "manifest.json").read_text("utf-8"))
    counters = manifest["counters"]["by_class"]["post"]
    assert counters["fetched"] == 160
    assert counters["landed"] + counters["refused"] + counters["quarantined"] == 160
    assert counters["refused_by"]["noindex"] == 2


def test_a_folder_without_a_recording_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"requests\.json"):
        import_recording(tmp_path, Vault(tmp_path / "vault"), "x")
