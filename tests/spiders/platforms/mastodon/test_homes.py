"""Replies that the source counts but does not show are asked of the home servers of their authors."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from passerelle.records import AccountRecord, CoverageRecord, PostRecord, Record
from spiders.collecting.crawl import Crawl
from spiders.collecting.hashtags import read_hashtag
from spiders.collecting.threads import read_threads
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Person, Post, World
from tests.spiders.crawling import ANNE, BOB, HOST, Canned, Page, account, all_of, campaign_file, canned_crawl, crawl
from tests.spiders.crawling import status as canned_status

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
KEEP = ("PASSERELLE_BACKOFF_SECONDS=0.05", 'ITEM_PIPELINES={"tests.spiders.kept.KeepRecords": 1}')


# --- whole crawls over two servers of one invented world


def person(number: int, user: str) -> Person:
    return Person(number, user, "", user, 0, "fr", "person", active=True, seeker=False, trade="bois", followers=9)


def post(number: int, author: int, reply_to: int | None, text: str) -> Post:
    time = NOW - timedelta(hours=20 - number)
    local_id = int(time.timestamp() * 1000) << 16
    return Post(number, author, time, text, "fr", reply_to=reply_to, local_id=local_id)


@pytest.fixture
def world() -> World:
    """Anne calls; Basile, Cleo and Denise reply, and Anne thanks Cleo."""
    people = [person(0, "anne"), person(1, "basile"), person(2, "cleo"), person(3, "denise")]
    texts = [(0, None, "Menuisière, je cherche #i4emploi"), (1, 0, "Je partage"), (2, 0, "Écris-moi"), (3, 0, "Bravo")]
    rows = [*texts, (0, 2, "Merci Cleo")]
    return World(people, [post(number, *row) for number, row in enumerate(rows)])


@pytest.fixture
def source(world: World) -> Iterator[Sandbox]:
    with Sandbox(world, NOW, home=None) as sandbox:
        yield sandbox


@pytest.fixture
def home(world: World, source: Sandbox) -> Iterator[Sandbox]:
    """Anne and Cleo live here, the others on the source."""
    with Sandbox(world, NOW, home=None) as sandbox:
        world.people[:] = [replace(p, instance=(sandbox, source)[p.number % 2].address) for p in world.people]
        yield sandbox


def uris(world: World, *numbers: int) -> set[str]:
    return {world.uri(world.posts[number]) for number in numbers}


def collected(records: list[Record]) -> dict[str, PostRecord]:
    return {record.post: record for record in records if isinstance(record, PostRecord)}


def thread_coverage(records: list[Record]) -> list[tuple[bool, int, int | None, str | None]]:
    rows = [one for one in records if isinstance(one, CoverageRecord) and one.scope == "thread"]
    return [(one.complete, one.got, one.expected, one.reason) for one in rows]


def test_the_missing_replies_come_from_the_authors_server_and_replay_without_any(
    world: World, source: Sandbox, home: Sandbox, tmp_path: Path
) -> None:
    whole = crawl(campaign_file(tmp_path, source.address, "i4emploi"), tmp_path / "whole", settings=KEEP)
    assert (whole.code, home.log) == (0, [])
    source.faults.append(Fault("partial_thread", match="/context", times=99))
    campaign = campaign_file(tmp_path, source.address, "i4emploi", source='token_variable = "TOKEN"')
    done = crawl(campaign, tmp_path / "lake", settings=KEEP, env={"TOKEN": "secret"})
    assert (done.code, done.err) == (0, "")
    assert collected(done.records).keys() == uris(world, 0, 1, 2, 3, 4)
    # who wrote and who was answered is what it is on the source: only what was looked at when differs
    facts = ("post", "author", "text", "reply_to", "created_at", "visibility", "replies")
    seen, wanted = (
        {uri: [getattr(record, fact) for fact in facts] for uri, record in collected(run.records).items()}
        for run in (done, whole)
    )
    assert seen == wanted
    assert thread_coverage(done.records) == [(True, 4, 4, None)]
    assert (source.tokens, home.tokens) == ({"", "Bearer secret"}, {""})
    assert done.verdict["counts"]["posts_from_homes"] == 3
    assert home.log[0] == ("/robots.txt", 200)
    histories = {one.subject for one in done.records if isinstance(one, CoverageRecord) and one.scope == "history"}
    assert histories == {f"acct:{p.user}@{p.instance}" for p in world.people}
    num_asked = len(home.log), len(source.log)
    vault = str(tmp_path / "lake" / "vault")
    again = crawl(campaign, tmp_path / "again", "--replay", vault, settings=KEEP)
    assert (again.code, again.err, (len(home.log), len(source.log))) == (0, "", num_asked)
    assert again.records == done.records


def test_a_home_that_is_silent_leaves_the_thread_incomplete_and_the_run_whole(
    source: Sandbox, home: Sandbox, tmp_path: Path
) -> None:
    source.faults.append(Fault("partial_thread", match="/context", times=99))
    home.faults.append(Fault("reset", match="/", times=999))
    done = crawl(campaign_file(tmp_path, source.address, "i4emploi"), tmp_path / "lake", settings=KEEP)
    assert (done.code, done.verdict["outcome"]) == (0, "complete")
    assert thread_coverage(done.records) == [(False, 1, 3, "missing_replies")]
    assert (done.verdict["counts"]["homes_refused"], len(home.log)) == (1, 2)


# --- which homes may be asked, over canned answers

TAG = "/api/v1/timelines/tag/i4emploi?limit=40"
URI = "https://autre.test/users/bob/statuses/77"
AT_HOME = account("bob", 9)


def threads(at_home: dict[str, Any], uri: str = URI, **collect: Any) -> tuple[list[Record], Canned, Crawl]:
    """The thread of Bob's call on a source that counts two replies and shows one; his home gives `at_home`."""
    call = canned_status(1, BOB, uri=uri, replies_count=2)
    shown = canned_status(2, ANNE, tags=[], in_reply_to_id="1")
    answers = {TAG: Page([call]), "/api/v1/statuses/1/context": {"ancestors": [], "descendants": [shown]}}
    canned, api = canned_crawl(answers, **{"history_days": 0, **collect})
    api.homes["autre.test"] = Canned(at_home, "autre.test")
    records = asyncio.run(all_of(lambda: read_hashtag(canned, "i4emploi"), lambda: read_threads(canned)))
    return records, api.homes["autre.test"], canned


def served(root: str = URI) -> dict[str, Any]:
    """What Bob's home serves: the call by its own id, the reply that the source has, and one that it has not."""
    seen = canned_status(78, account(f"anne@{HOST}", 5), uri=f"https://{HOST}/p/2", content="other words")
    hidden = canned_status(79, account("cleo", 6), uri="https://autre.test/users/cleo/statuses/79")
    below = [{**one, "in_reply_to_id": "77", "tags": []} for one in (seen, hidden)]
    return {
        "/api/v1/statuses/77": canned_status(77, AT_HOME, uri=root, replies_count=2),
        "/api/v1/statuses/77/context": {"ancestors": [], "descendants": below},
    }


def test_what_the_source_shows_keeps_its_own_words_and_the_rest_is_added() -> None:
    records, _, canned = threads(served())
    assert collected(records).keys() == {URI, f"https://{HOST}/p/2", "https://autre.test/users/cleo/statuses/79"}
    assert collected(records)[f"https://{HOST}/p/2"].text == "<p>bonjour</p>"
    added = collected(records)["https://autre.test/users/cleo/statuses/79"]
    assert (added.author, added.reply_to, added.source) == ("acct:cleo@autre.test", URI, "autre.test")
    assert thread_coverage(records) == [(True, 2, 2, None)]
    assert {one.account for one in records if isinstance(one, AccountRecord)} == {
        "acct:bob@autre.test", f"acct:anne@{HOST}", "acct:cleo@autre.test"
    }  # fmt: skip
    assert canned.ledger.losses == []


@pytest.mark.parametrize(
    "uri",
    [
        f"https://{HOST}/users/bob/statuses/77",
        "https://autre.test/objects/5a9d",
        "https://127.0.0.1/users/bob/statuses/77",
        "https://localhost:8080/users/bob/statuses/77",
        "https://10.0.0.8/users/bob/statuses/77",
        "https://autre.test:8443/users/bob/statuses/77",
        "https://x@autre.test/users/bob/statuses/77",
        "https://autre.test/users/bob/statuses/..%2F..%2Fadmin",
    ],
)
def test_no_other_host_is_asked_than_a_public_home(uri: str) -> None:
    records, home, canned = threads(served(uri), uri)
    assert thread_coverage(records) == [(False, 1, 2, "missing_replies")]
    assert home.asked == []
    assert all(crawl is None for crawl in canned.homes.values())


@pytest.mark.parametrize(
    ("at_home", "num_asked"),
    [
        ({"/robots.txt": "User-agent: *\nDisallow: /api/", **served()}, 1),
        ({"/robots.txt": "User-agent: *\nCrawl-delay: 60", **served()}, 1),
        ({"/robots.txt": "User-agent: *\nDisallow: /api/v1/statuses/*/context", **served()}, 2),
        (served("https://autre.test/users/someone/statuses/77"), 2),
        ({}, 2),
    ],
    ids=[
        "robots.txt forbids it",
        "it wants us slow",
        "robots.txt forbids threads",
        "another post goes by the id",
        "it does not know the post",
    ],
)
def test_a_home_that_does_not_help_leaves_the_thread_as_it_was(at_home: dict[str, Any], num_asked: int) -> None:
    records, home, canned = threads(at_home)
    assert thread_coverage(records) == [(False, 1, 2, "missing_replies")]
    assert (len(home.asked), len(collected(records)), canned.ledger.losses) == (num_asked, 2, [])


def test_a_campaign_can_leave_homes_alone() -> None:
    records, home, _ = threads(served(), homes=False)
    assert (home.asked, thread_coverage(records)) == ([], [(False, 1, 2, "missing_replies")])


def test_a_denied_instance_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSERELLE__DENY_INSTANCES", '["autre.test"]')
    records, home, _ = threads(served())
    assert (home.asked, thread_coverage(records)) == ([], [(False, 1, 2, "missing_replies")])


def test_an_added_author_whom_the_source_does_not_know_has_no_history_and_it_is_said() -> None:
    records, _, canned = threads(served(), history_days=84)
    unknown = [one for one in records if isinstance(one, CoverageRecord) and one.scope == "history"]
    assert [(one.subject, one.reason) for one in unknown] == [("acct:cleo@autre.test", "unknown_account")]
    assert "6" not in canned.people  # the id that she has at home is not hers on the source
