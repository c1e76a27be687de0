"""Threads: read once, compared with what posts count, in pieces where they are deep."""

from __future__ import annotations

from typing import Any

from passerelle.records import CoverageRecord, PostRecord
from tests.spiders.crawling import BOB, HOST, Page, Say, canned_crawl, status
from tests.spiders.platforms.mastodon.phases import TAG, context, everything, of, posts, reply


def test_a_thread_is_read_once_and_replies_without_the_hashtag_come() -> None:
    below = [reply(2, 1, replies_count=1), reply(3, 2)]
    crawl, api = canned_crawl(
        {TAG: Page([status(1, replies_count=1)]), context(1): {"ancestors": [], "descendants": below}}, history_days=0
    )
    records = everything(crawl)
    assert posts(records) == ["1", "2", "3"]
    [thread] = [one for one in of(CoverageRecord, records) if one.scope == "thread"]
    assert (thread.complete, thread.got, thread.expected) == (True, 2, 2)
    again, api = canned_crawl({TAG: Page([status(1, replies_count=1)])}, state=crawl.state, history_days=0)
    everything(again)
    assert api.asked == [TAG]


def test_a_thread_that_shows_less_than_it_counts_is_incomplete() -> None:
    below = [reply(2, 1)]
    crawl, _ = canned_crawl(
        {TAG: Page([status(1, replies_count=30)]), context(1): {"ancestors": [], "descendants": below}}, history_days=0
    )
    [thread] = [one for one in of(CoverageRecord, everything(crawl)) if one.scope == "thread"]
    assert (thread.complete, thread.reason, thread.got, thread.expected) == (False, "missing_replies", 1, 30)


def test_a_deep_thread_is_asked_for_in_pieces() -> None:
    shallow = [reply(2, 1, replies_count=1)]
    crawl, api = canned_crawl(
        {
            TAG: Page([status(1, replies_count=1)]),
            context(1): {"ancestors": [], "descendants": shallow},
            context(2): {"ancestors": [status(1, replies_count=1)], "descendants": [reply(3, 2)]},
        },
        history_days=0,
    )
    assert posts(everything(crawl)) == ["1", "2", "3"]
    assert context(2) in api.asked


def test_an_unknown_parent_is_found_through_the_context() -> None:
    orphan = status(5, BOB, in_reply_to_id="4")
    crawl, _ = canned_crawl(
        {TAG: Page([orphan]), context(5): {"ancestors": [status(4, tags=[])], "descendants": []}}, history_days=0
    )
    [record] = [one for one in of(PostRecord, everything(crawl)) if one.post.endswith("/5")]
    assert record.reply_to == f"https://{HOST}/p/4"
    assert crawl.ledger.counts["unresolved_parents"] == 0


def test_a_parent_that_stays_unknown_is_counted_and_the_reply_still_lands() -> None:
    crawl, _ = canned_crawl({TAG: Page([status(5, BOB, in_reply_to_id="4")])}, history_days=0)
    [record] = of(PostRecord, everything(crawl))
    assert record.reply_to == f"mastodon:{HOST}/4"
    assert crawl.ledger.counts["unresolved_parents"] == 1


def test_a_server_that_refuses_contexts_is_not_asked_for_every_post() -> None:
    page = Page([status(n, replies_count=1) for n in range(9)])
    crawl, api = canned_crawl({TAG: page} | {context(n): Say("login") for n in range(9)}, history_days=0)
    records = everything(crawl)
    assert sum("context" in path for path in api.asked) == 2
    assert [one.reason for one in of(CoverageRecord, records) if one.scope == "thread"] == ["login"] * 9
    assert crawl.ledger.unended == ["thread login"] * 9


def test_a_thread_that_is_gone_is_refused_only_where_no_post_was_ever_shown() -> None:
    def reason(answers: dict[str, Any]) -> str | None:
        crawl, _ = canned_crawl(answers, history_days=0)
        return [one.reason for one in of(CoverageRecord, everything(crawl)) if one.scope == "thread"][-1]

    page = Page([status(1, replies_count=1), status(2, replies_count=1)])
    assert reason({TAG: page}) == "refused"
    assert reason({TAG: page, context(1): {"ancestors": [], "descendants": []}}) == "gone"


def test_an_id_cannot_leave_its_place_in_the_url() -> None:
    crawl, api = canned_crawl({TAG: Page([status("../../admin?x=", replies_count=1)])}, history_days=0)
    everything(crawl)
    assert api.asked[1] == "/api/v1/statuses/..%2F..%2Fadmin%3Fx%3D/context"
