"""What posts answer and nobody showed: asked for once, within bounds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from passerelle.records import PostRecord
from tests.spiders.crawling import ANNE, BOB, CLEO, CLOCK, HOST, Page, account, canned_crawl, status
from tests.spiders.platforms.mastodon.phases import TAG, asked, everything, history, of, posts, reply


def test_a_parent_that_stands_in_anybodys_history_is_found_in_whatever_order_histories_are_read() -> None:
    question = status(10, CLEO, tags=[], hours=9)
    answer = reply(11, 10, ANNE)
    pages = {
        TAG: Page([status(1), status(3, CLEO), status(12, BOB, in_reply_to_id="10")]),
        history(1): Page([answer]),
        history(3): Page([question]),
    }
    crawl, api = canned_crawl(pages)
    records = everything(crawl)
    parents = {one.post.rpartition("/")[2]: one.reply_to for one in of(PostRecord, records)}
    assert parents["11"] == parents["12"] == f"https://{HOST}/p/10"
    assert (crawl.ledger.counts["unresolved_parents"], crawl.ledger.counts["parents_asked"]) == (0, 0)
    assert "/api/v1/statuses/10" not in api.asked


def test_a_parent_that_nobody_showed_is_asked_for_once_and_known_from_then_on() -> None:
    orphan = status(5, BOB, in_reply_to_id="4", in_reply_to_account_id="3")
    pages = {TAG: Page([orphan]), "/api/v1/statuses/4": status(4, CLEO, tags=[])}
    crawl, api = canned_crawl(pages, history_days=0)
    [parent, answer] = of(PostRecord, everything(crawl))
    assert (answer.reply_to, answer.reply_to_author) == (parent.post, f"acct:cleo@{HOST}")
    assert asked(api) == [TAG, "/api/v1/statuses/4"]
    again, api = canned_crawl(pages, clock=CLOCK + timedelta(hours=2), state=crawl.state, history_days=0)
    assert [one.reply_to for one in of(PostRecord, everything(again))] == [parent.post]
    assert asked(api) == [TAG]


def test_a_parent_that_is_not_public_is_asked_for_once_and_counted_every_time() -> None:
    pages = {TAG: Page([status(5, BOB, in_reply_to_id="4")])}
    crawl, api = canned_crawl(pages, history_days=0)
    everything(crawl)
    assert asked(api) == [TAG, "/api/v1/statuses/4"]
    again, api = canned_crawl(pages, clock=CLOCK + timedelta(hours=2), state=crawl.state, history_days=0)
    [record] = of(PostRecord, everything(again))
    assert (record.reply_to, again.ledger.counts["unresolved_parents"]) == (f"mastodon:{HOST}/4", 1)
    assert asked(api) == [TAG]


def test_no_more_parents_are_asked_for_than_is_polite_and_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spiders.collecting.parents.MAX_ASKED", 3)
    page = Page([status(20 + n, BOB, in_reply_to_id=str(n)) for n in range(1, 9)])
    answers = {f"/api/v1/statuses/{n}": status(n, CLEO, tags=[]) for n in range(1, 9)}
    crawl, api = canned_crawl({TAG: page, **answers}, history_days=0)
    records = everything(crawl)
    assert len(asked(api)) == 4
    assert (crawl.ledger.counts["parents_asked"], crawl.ledger.counts["parents_not_asked"]) == (3, 5)
    assert crawl.ledger.counts["unresolved_parents"] == 5
    assert len(of(PostRecord, records)) == 8 + 3


def test_strangers_whom_somebody_answers_in_a_history_are_not_asked_for() -> None:
    stranger = reply(7, 6, ANNE, in_reply_to_account_id="99")
    crawl, api = canned_crawl({TAG: Page([status(1)]), history(1): Page([stranger])})
    everything(crawl)
    assert "/api/v1/statuses/6" not in api.asked


def test_what_a_participant_wrote_elsewhere_is_not_asked_for_where_the_profile_refuses_the_history() -> None:
    shy = account("shy", 4, indexable=False)
    answer = reply(7, 6, ANNE, in_reply_to_account_id="4")
    pages = {TAG: Page([status(1), status(2, shy)]), history(1): Page([answer]), "/api/v1/statuses/6": status(6, shy)}
    crawl, api = canned_crawl(pages)
    records = everything(crawl)
    assert "/api/v1/statuses/6" not in api.asked
    assert set(posts(records)) == {"1", "2", "7"}


def test_the_old_part_of_a_page_of_a_history_is_not_read_again_and_asks_for_nothing() -> None:
    old = status(7, hours=80, tags=[], in_reply_to_id="6", in_reply_to_account_id="3")
    new = status(8, hours=-2, tags=[])
    question = status(6, CLEO, hours=90, tags=[])
    pages = {TAG: Page([status(1), status(2, CLEO)]), history(1): Page([old]), history(3): Page([question])}
    first, _ = canned_crawl(pages)
    assert "7" in posts(everything(first))
    later = {TAG: Page([status(9, hours=-215)]), history(1): Page([new, old])}
    again, api = canned_crawl(later, clock=CLOCK + timedelta(days=9), state=first.state)
    assert "7" not in posts(everything(again))
    assert "/api/v1/statuses/6" not in api.asked


def test_what_a_history_answers_is_asked_for_once_whoever_answers_it_later() -> None:
    answer = reply(7, 6, ANNE, in_reply_to_account_id="3")
    pages = {TAG: Page([status(1), status(2, CLEO)]), history(1): Page([answer]), "/api/v1/statuses/6": status(6, CLEO)}
    first, api = canned_crawl(pages)
    everything(first)
    assert api.asked.count("/api/v1/statuses/6") == 1
    later = status(8, hours=-200, tags=[], in_reply_to_id="6", in_reply_to_account_id="3")
    pages |= {TAG: Page([status(9, hours=-215)]), history(1): Page([later])}
    again, api = canned_crawl(pages, clock=CLOCK + timedelta(days=9), state=first.state)
    [record] = [one for one in of(PostRecord, everything(again)) if one.post.endswith("/8")]
    assert record.reply_to == f"https://{HOST}/p/6"
    assert "/api/v1/statuses/6" not in api.asked
