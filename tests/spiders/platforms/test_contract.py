"""What every platform of the catalogue keeps to, on its recording."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from passerelle.platforms import PLATFORMS
from passerelle.records import CoverageRecord, MalformedRecord, PostRecord, Record
from tests.spiders.crawling import Crawled
from tests.spiders.platforms import replaying

pytestmark = pytest.mark.parametrize("platform", PLATFORMS)
SCOPES = {"timeline", "thread", "history", "engagement"}


@pytest.fixture
def done(platform: str, tmp_path: Path) -> Crawled:
    return replaying.collect(replaying.read(platform), tmp_path)


def counts(records: list[Record]) -> dict[str, int]:
    return dict(sorted(Counter(type(record).__name__ for record in records).items()))


def coverage(records: list[Record]) -> dict[str, int]:
    told = (record for record in records if isinstance(record, CoverageRecord))
    return dict(sorted(Counter(f"{one.scope} {one.reason or 'complete'}" for one in told).items()))


def test_a_recording_comes_to_its_counts(platform: str, done: Crawled) -> None:
    told = replaying.read(platform).told
    assert done.verdict["errors"]["en"] == told["errors"]
    assert counts(done.records) == told["records"]
    assert coverage(done.records) == told["coverage"]


def test_every_scope_is_told_of(platform: str, done: Crawled) -> None:
    shown = {record.scope for record in done.records if isinstance(record, CoverageRecord)}
    polled = {"engagement"} if counts(done.records).get("PollRecord") else set()
    assert shown | polled == SCOPES


def test_two_replays_are_equal_to_what_was_collected(platform: str, done: Crawled, tmp_path: Path) -> None:
    recording = replaying.read(platform)
    first, second = (replaying.replay(recording, tmp_path, lake) for lake in ("first", "second"))
    assert (first.code, second.code) == (done.code, done.code)
    assert first.records == second.records == done.records
    assert first.verdict["counts"] == second.verdict["counts"] == done.verdict["counts"]


def test_nothing_that_is_kept_or_said_holds_the_token(platform: str, done: Crawled, tmp_path: Path) -> None:
    import gzip

    files = [path for path in (tmp_path / "lake").rglob("*") if path.is_file()]
    assert [path for path in files if path.name.endswith(".warc.gz")]
    given = replaying.read(platform).told.get("secrets", [])
    kept = [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in files]
    for words in (*kept, done.err.encode()):
        assert not [secret for secret in (*replaying.TOKEN.split(":"), *given) if secret.encode() in words]


def test_every_list_ends(platform: str, tmp_path: Path) -> None:
    recording = replaying.read(platform)
    done = replaying.collect(recording, tmp_path, endless=True)
    assert done.code in (0, 4)
    assert done.verdict["requests"] < 40 + 20 * len(recording.exchanges)


def test_a_malformed_item_costs_only_itself(platform: str, done: Crawled, tmp_path: Path) -> None:
    def broken(key: str, body: Any) -> Any:
        listed = replaying.list_in(body)
        return replaying.with_list(body, [*listed, {"id": 987654, "post": [], "account": 7}]) if listed else body

    spoilt = replaying.collect(replaying.read(platform), tmp_path / "spoilt", change=broken)
    assert posts(spoilt) == posts(done)
    assert sum(isinstance(record, MalformedRecord) for record in spoilt.records) > sum(
        isinstance(record, MalformedRecord) for record in done.records
    )


def posts(done: Crawled) -> set[tuple[str, str]]:
    return {(record.post, record.text) for record in done.records if isinstance(record, PostRecord)}
