"""What a bridge copied from Bluesky belongs to who wrote it there, also where only the copy was seen."""

from __future__ import annotations

from typing import Any

import pytest

from passerelle.records import AccountRecord, PostRecord
from spiders.platforms.bluesky.records import identity
from tests.spiders.crawling import ANNE, CLOCK, HOST, Page, account, canned_crawl, status
from tests.spiders.platforms.mastodon.phases import TAG, context, everything, of, reply

DID = "did:plc:ada"
POST = f"at://{DID}/app.bsky.feed.post/3mvi63jz7222b"
REPOST = f"at://{DID}/app.bsky.feed.repost/3mvi63jz7222z"
ADA = account("ada.bsky.social@bsky.brid.gy", 9, uri=f"https://bsky.brid.gy/ap/{DID}", followers_count=3)


def copy(number: int, of_uri: str = POST, **more: Any) -> dict[str, Any]:
    return status(number, ADA, uri=f"https://bsky.brid.gy/convert/ap/{of_uri}", **more)


def told(pages: dict[str, Any], **more: Any) -> dict[str, PostRecord]:
    crawl, _ = canned_crawl(pages, history_days=0, **more)
    return {record.post: record for record in of(PostRecord, everything(crawl))}


def test_the_copy_is_a_look_at_the_original_by_its_author() -> None:
    crawl, _ = canned_crawl({TAG: Page([copy(1)])}, history_days=0)
    records = everything(crawl)
    (record,) = of(PostRecord, records)
    assert (record.platform, record.post, record.author, record.source) == ("bluesky", POST, identity(DID), HOST)
    (person,) = of(AccountRecord, records)
    assert (person.platform, person.account, person.handle) == ("bluesky", identity(DID), "bluesky:@ada.bsky.social")
    assert (person.instance, person.created_at, person.followers) == (None, None, None), "those of the copy"


def test_who_answers_mentions_or_boosts_the_copy_does_so_to_the_original() -> None:
    named = {"id": "9", "acct": "ada.bsky.social@bsky.brid.gy", "url": "https://bsky.brid.gy/r/https://bsky.app/x"}
    answer = reply(2, 1, ANNE, in_reply_to_account_id="9", mentions=[named])
    boost = status(3, ANNE, uri=f"https://{HOST}/p/3", reblog=copy(1, replies_count=1), tags=[])
    pages = {TAG: Page([copy(1, replies_count=1), boost]), context(1): {"ancestors": [], "descendants": [answer]}}
    records = told(pages)
    mine = records[f"https://{HOST}/p/2"]
    assert (mine.platform, mine.reply_to, mine.reply_to_author) == ("mastodon", POST, identity(DID))
    assert [one.account for one in mine.mentions] == [identity(DID)]
    relay = records[f"https://{HOST}/p/3"]
    assert (relay.platform, relay.repost_of, relay.repost_of_author) == ("mastodon", POST, identity(DID))


def test_a_repost_there_that_comes_over_the_bridge_is_that_repost() -> None:
    boost = copy(4, REPOST, reblog=status(5, ANNE))
    relay = told({TAG: Page([boost])})[REPOST]
    assert (relay.platform, relay.author, relay.repost_of) == ("bluesky", identity(DID), f"https://{HOST}/p/5")


@pytest.mark.parametrize("number", [f"https://bsky.brid.gy/r/https://bsky.app/profile/{DID}", None])
def test_a_name_that_looks_so_is_no_copy_unless_the_address_says_whose(number: str | None) -> None:
    stranger = account("ada.bsky.social@bsky.brid.gy", 9, url=number)
    (record,) = told({TAG: Page([status(1, stranger)])}).values()
    assert record.author == (identity(DID) if number else "acct:ada.bsky.social@bsky.brid.gy")
    assert record.platform == "mastodon"


def test_a_campaign_that_keeps_nothing_of_the_bridge_knows_its_copies_as_such() -> None:
    crawl, _ = canned_crawl({TAG: Page([copy(1)])}, history_days=0, deny_instances=("brid.gy",))
    (record,) = of(PostRecord, everything(crawl))
    assert record.author == "acct:ada.bsky.social@bsky.brid.gy", "so that its server is refused"
    assert record.created_at < CLOCK
