"""From a server's JSON to records: the traps of the family, and statuses as a real server gave them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spiders.mastodon_records import (
    MALFORMED,
    Names,
    account_record,
    engagement_record,
    has_own_time,
    post_record,
)
from tests.spiders.crawling import ANNE, BOB, CLOCK, HOST, account, status


def names(*known: dict[str, object], host: str = HOST, domain: str = HOST) -> Names:
    learnt = Names(host, domain)
    for one in known:
        learnt.learn(one)
    return learnt


def test_one_person_is_one_identity_as_author_mention_and_reposter_and_through_two_servers() -> None:
    here, there = names(), names(host="autre.test", domain="autre.test")
    author = post_record(status(1, BOB), here, CLOCK).author
    mention = post_record(status(2, mentions=[account("bob@autre.test", 2)]), here, CLOCK).mentions[0]
    reposter = engagement_record(BOB, "p", here, CLOCK).account
    at_home = account_record(account("BOB", 77), there, CLOCK)
    assert {author, mention.account, reposter, at_home.account} == {"acct:bob@autre.test"}
    assert at_home.handle == mention.handle == "@bob@autre.test"
    assert at_home.instance == "autre.test"


def test_the_same_handle_on_two_servers_is_two_people() -> None:
    assert (
        account_record(ANNE, names(), CLOCK).account != account_record(ANNE, names(domain="autre.test"), CLOCK).account
    )


def test_a_bare_account_takes_the_account_domain_not_the_host() -> None:
    assert (
        account_record(ANNE, names(host="social.ville.test", domain="ville.test"), CLOCK).account
        == "acct:anne@ville.test"
    )


def test_a_reply_finds_its_parent_by_uri_and_its_author_by_the_local_id() -> None:
    parent = status(1, BOB)
    reply = status(2, in_reply_to_id="1", in_reply_to_account_id="2")
    record = post_record(reply, names(parent, reply), CLOCK)
    assert (record.reply_to, record.reply_to_author) == (f"https://{HOST}/p/1", "acct:bob@autre.test")


def test_a_reply_to_an_unknown_parent_without_author_keeps_the_servers_id() -> None:
    record = post_record(status(2, in_reply_to_id="99"), names(), CLOCK)
    assert (record.reply_to, record.reply_to_author) == (f"mastodon:{HOST}/99", None)


def test_a_boost_with_a_time_of_its_own_is_a_repost_without_foreign_text() -> None:
    boost = status(5, ANNE, hours=2, reblog=status(1, BOB, hours=9), uri=f"https://{HOST}/p/5/activity")
    record = post_record(boost, names(), CLOCK)
    assert has_own_time(boost)
    assert (record.repost_of, record.repost_of_author, record.text) == (
        f"https://{HOST}/p/1",
        "acct:bob@autre.test",
        "",
    )
    assert record.created_at == datetime(2026, 11, 22, 4, tzinfo=UTC)


def test_a_quote_names_post_and_author_once_it_is_shown() -> None:
    shown = status(2, quote={"state": "accepted", "quoted_status": status(1, BOB)})
    waiting = status(3, quote={"state": "pending", "quoted_status": None})
    record = post_record(shown, names(), CLOCK)
    assert (record.quote_of, record.quote_of_author) == (f"https://{HOST}/p/1", "acct:bob@autre.test")
    assert post_record(waiting, names(), CLOCK).quote_of is None


@pytest.mark.parametrize("moment", ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "2015-03-01T10:00:00+05:30"])
def test_a_stated_time_is_kept_however_odd(moment: str) -> None:
    expected = datetime.fromisoformat(moment.replace("Z", "+00:00"))
    assert post_record(status(1, created_at=moment), names(), CLOCK).created_at == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": None, "uri": None},
        {"content": 5},
        {"created_at": "yesterday"},
        {"created_at": "0001-01-01T00:00:00+10:00"},
        {"replies_count": "many"},
        {"account": None},
        {"account": {"id": "1", "acct": ""}},
        {"tags": [{"nom": "x"}]},
        {"mentions": ["bob"]},
        {"visibility": None},
    ],
)
def test_a_field_of_the_wrong_kind_is_never_a_silent_null(wrong: dict[str, object]) -> None:
    with pytest.raises(MALFORMED):
        post_record(status(1) | wrong, names(), CLOCK)


def test_profile_evidence_is_read_from_note_name_and_fields() -> None:
    wary = account("wary", 9, note="<p>#nobot</p>", display_name="W", fields=[{"name": "site", "value": "x.test"}])
    evidence = account_record(wary | {"noindex": True, "indexable": False, "bot": True}, names(), CLOCK).evidence
    assert evidence.note == "W <p>#nobot</p> site x.test"
    assert (evidence.bot, evidence.noindex, evidence.indexable, evidence.discoverable) == (True, True, False, None)


def test_the_same_posts_through_two_real_servers_have_the_same_identities(shared_data: Path) -> None:
    folder = shared_data / "mastodon-endpoints"
    seen = []
    for host in ("fosstodon", "mastodon.social"):
        host_names = names(host=host, domain=host if "." in host else f"{host}.org")
        statuses = json.loads((folder / f"tag-rstats-{host}.json").read_text("utf-8"))
        records = [post_record(one, host_names, CLOCK) for one in statuses]
        seen.append({(record.post, record.author) for record in records})
    assert seen[0] == seen[1]
    assert len(seen[0]) == 5


def test_every_streamed_status_of_a_real_server_is_a_record(shared_data: Path) -> None:
    lines = (shared_data / "mastodon-endpoints" / "stream-48-statuses.jsonl").read_bytes().splitlines()
    known = names(host="mastodon.social", domain="mastodon.social")
    statuses = [json.loads(line) for line in lines]
    for one in statuses:
        known.learn(one)
    assert len({post_record(one, known, CLOCK).post for one in statuses}) == len(statuses) == 48
