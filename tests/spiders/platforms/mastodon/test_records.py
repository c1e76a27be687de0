"""From a server's JSON to records: the traps of the family, and statuses as a real server gave them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from passerelle.values import UnkeptError
from spiders.platforms.mastodon.records import (
    FediverseNames,
    account_record,
    engagement_record,
    has_own_time,
    post_record,
)
from tests.spiders.crawling import ANNE, BOB, CLEO, CLOCK, HOST, account, status


def names(*known: dict[str, object], host: str = HOST, domain: str = HOST) -> FediverseNames:
    learnt = FediverseNames(host, domain)
    for one in known:
        learnt.learn(one)
    return learnt


def test_one_person_is_one_identity_as_author_mention_and_reposter_and_through_two_servers() -> None:
    here, there = names(), names(host="autre.test", domain="autre.test")
    author = post_record(status(1, BOB), here, CLOCK).author
    mention = post_record(status(2, mentions=[account("bob@autre.test", 2)]), here, CLOCK).mentions[0]
    reposter = engagement_record(BOB, "p", "repost", here, CLOCK).account
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


@pytest.mark.parametrize(
    "moment",
    [
        "1970-01-01T00:00:00Z",
        "2015-03-01T10:00:00+05:30",
        "2015-03-01",
        "2015-03-01T10:00:00",
        "2015-03-01T10:00:00.123456789Z",
    ],
)
def test_a_stated_time_is_kept_however_odd(moment: str) -> None:
    expected = datetime.fromisoformat(moment.replace("Z", "+00:00"))
    expected = expected if expected.tzinfo else expected.replace(tzinfo=UTC)
    assert post_record(status(1, created_at=moment), names(), CLOCK).created_at == expected


IMPOSSIBLE = [
    "0000-01-01T00:00:00Z",
    "-0001-11-30T00:00:00.000Z",
    "0001-01-01T00:00:00+10:00",
    "9999-12-31T23:59:59-10:00",
    "9999-12-31T00:00:00Z",
    "yesterday",
    5,
    {},
]


@pytest.mark.parametrize("moment", IMPOSSIBLE)
def test_an_impossible_time_costs_an_account_the_time_and_a_post_its_place(moment: object) -> None:
    record = account_record(ANNE | {"created_at": moment}, names(), CLOCK)
    assert (record.created_at, record.left_out) == (None, ("account created_at: impossible time",))
    edited = post_record(status(1, edited_at=moment), names(), CLOCK)
    assert (edited.edited_at, edited.left_out) == (None, ("edited_at: impossible time",))
    with pytest.raises(UnkeptError, match="post without a possible time"):
        post_record(status(1, created_at=moment), names(), CLOCK)


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_time_is_no_fault_of_an_account(nothing: object) -> None:
    assert account_record(ANNE | {"created_at": nothing}, names(), CLOCK).left_out == ()


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"id": None}, "post without id"),
        ({"id": {"x": 1}}, "post without id"),
        ({"id": ".."}, "post without id"),
        ({"created_at": "yesterday"}, "post without a possible time"),
        ({"account": None}, "post without author"),
        ({"account": {"id": "1", "acct": ""}}, "post without author"),
        ({"account": {"id": "1", "acct": "a\ud800@h.test"}}, "post without author"),
        ({"account": ["anne"]}, "post without author"),
        ({"reblog": "yes"}, "repost of no post"),
    ],
)
def test_a_post_without_its_essentials_is_none_for_a_reason_in_known_words(
    wrong: dict[str, object], reason: str
) -> None:
    with pytest.raises(UnkeptError, match=f"^{reason}$"):
        post_record(status(1) | wrong, names(), CLOCK)


@pytest.mark.parametrize(
    ("wrong", "left_out"),
    [
        ({"content": 5}, "text: no text"),
        ({"replies_count": "many"}, "replies: no whole number"),
        ({"reblogs_count": 1.5}, "reposts: no whole number"),
        ({"favourites_count": 10**30}, "favourites: too large"),
        ({"quotes_count": -1}, "quotes: negative"),
        ({"tags": [{"nom": "x"}]}, "hashtags: no name"),
        ({"tags": [{"name": "a\ud800"}]}, "hashtags: no name"),
        ({"tags": 7}, "hashtags: no list"),
        ({"mentions": ["bob"]}, "mentions: no object"),
        ({"mentions": [{"id": "4", "username": "bob"}]}, "mentions: no name"),
        ({"visibility": 1}, "visibility: no text"),
        ({"language": ["fr"]}, "language: no text"),
        ({"in_reply_to_id": {"x": 1}}, "reply_to: no id"),
    ],
)
def test_a_value_that_cannot_be_kept_costs_itself_and_is_named(wrong: dict[str, object], left_out: str) -> None:
    sound, record = post_record(status(1), names(), CLOCK), post_record(status(1) | wrong, names(), CLOCK)
    assert record.left_out == (left_out,)
    field = {"text": {"text": ""}, "visibility": {"visibility": "not said"}}.get(left_out.partition(":")[0], {})
    none = {"hashtags": ()} if "hashtags" in left_out else {}
    assert replace(record, left_out=()) == replace(
        sound, replies=record.replies, reposts=record.reposts, **field, **none
    )


@pytest.mark.parametrize("nothing", [{"content": None}, {"mentions": None}, {"tags": None}, {"replies_count": None}])
def test_what_a_server_does_not_say_is_no_fault(nothing: dict[str, object]) -> None:
    assert post_record(status(1) | nothing, names(), CLOCK).left_out == ()


def test_posts_without_a_uri_of_their_own_are_as_many_posts() -> None:
    here = names()
    by_url = [status(n, uri=uri, url=f"https://{HOST}/notes/{n}") for n, uri in ((1, ""), (2, None), (3, "not one"))]
    shared = [status(n, uri=f"https://{HOST}/", url=f"https://{HOST}/@anne") for n in (4, 5, 6)]
    neither = [status(7, uri="", url=""), {k: v for k, v in status(8).items() if k != "uri"}]
    for one in (*by_url, *shared, *neither):
        here.learn(one)
    uris = [post_record(one, here, CLOCK).post for one in (*by_url, *shared, *neither)]
    assert uris[:3] == [f"https://{HOST}/notes/{n}" for n in (1, 2, 3)]
    assert uris[6:] == [f"mastodon:{HOST}/7", f"mastodon:{HOST}/8"]
    assert len(set(uris)) == 8
    reply = post_record(status(9, in_reply_to_id="7"), here, CLOCK)
    assert reply.reply_to == uris[6]


QUOTED = status(1, BOB)


@pytest.mark.parametrize(
    "told",
    [
        {"quote": {"state": "accepted", "quoted_status": QUOTED}},
        {"quote": {"state": "accepted", "quoted_status_id": "1"}},
        {"quote": QUOTED},
        {"quote": None, "quote_id": "1"},
        {"quote_id": 1, "quote_url": "https://elsewhere.test/shown/1"},
        {"quote_uri": QUOTED["uri"]},
        {"pleroma": {"quote": QUOTED, "quote_id": "1", "quote_url": QUOTED["uri"], "quote_visible": True}},
        {"pleroma": {"quote": None, "quote_url": QUOTED["uri"]}},
    ],
)
def test_a_quote_is_read_in_every_shape(told: dict[str, object]) -> None:
    record = post_record(status(2) | told, names(QUOTED), CLOCK)
    assert (record.quote_of, record.left_out) == (f"https://{HOST}/p/1", ())


@pytest.mark.parametrize(
    "told",
    [
        *(
            {"quote": {"state": state, "quoted_status": None}}
            for state in ("pending", "rejected", "revoked", "deleted")
        ),
        {"quote": {"state": "revoked", "quoted_status": QUOTED}, "quote_id": "1"},
        {"pleroma": {"quote": None, "quote_id": "1", "quote_visible": False}, "quote_id": "1"},
        {"quote": None, "quote_id": None},
        {"quote": "yes", "quote_uri": 5},
    ],
)
def test_a_quote_that_is_not_shown_is_none(told: dict[str, object]) -> None:
    assert post_record(status(2) | told, names(QUOTED), CLOCK).quote_of is None


def test_the_quote_inside_a_quoted_post_is_not_the_outer_posts() -> None:
    inner = status(2, BOB, quote=status(3, CLEO))
    assert post_record(status(4, quote=inner), names(QUOTED), CLOCK).quote_of == f"https://{HOST}/p/2"


def test_one_domain_in_unicode_and_in_punycode_is_one_identity() -> None:
    home = names(host="xn--bcher-kva.example", domain="xn--bcher-kva.example")
    at_home = account_record(account("anne", 1), home, CLOCK)
    away = account_record(account("Anne@Bücher.example", 77), names(), CLOCK)
    assert (away.account, away.handle, away.instance) == (at_home.account, at_home.handle, at_home.instance)
    uris = ("https://bücher.example/p/é", "https://xn--bcher-kva.example/p/é", "HTTPS://BÜCHER.example/p/é")
    assert len({post_record(status(1, uri=uri), names(), CLOCK).post for uri in uris}) == 1


@pytest.mark.parametrize(
    ("warning", "content", "words"),
    [
        ("Emploi & <santé>", "<p>Bonjour</p>", "<p>Emploi &amp; &lt;santé&gt;</p><p>Bonjour</p>"),
        ("<b>Emploi</b>", "<p>Bonjour</p>", "<p>Emploi</p><p>Bonjour</p>"),
        ("Emploi", "<p><b>Emploi</b> : bonjour</p>", "<p><b>Emploi</b> : bonjour</p>"),
        ("Emploi", "", "<p>Emploi</p>"),
        (" ", "<p>Bonjour</p>", "<p>Bonjour</p>"),
        (None, "<p>Bonjour</p>", "<p>Bonjour</p>"),
    ],
)
def test_a_content_warning_is_part_of_the_words_once(warning: object, content: str, words: str) -> None:
    assert post_record(status(1, spoiler_text=warning, content=content), names(), CLOCK).text == words


@pytest.mark.parametrize(
    "odd", [{"note": None}, {"note": {}}, {"display_name": 5}, {"fields": "x"}, {"fields": [None, 5, {"name": None}]}]
)
def test_an_odd_profile_is_still_a_profile(odd: dict[str, object]) -> None:
    assert account_record(ANNE | odd, names(), CLOCK).account == "acct:anne@ville.test"


def test_a_wish_that_cannot_be_read_is_taken_for_one() -> None:
    evidence = account_record(ANNE | {"noindex": "yes", "indexable": {}, "bot": 1}, names(), CLOCK).evidence
    assert (evidence.noindex, evidence.indexable, evidence.bot) == (True, False, False)


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


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"in_reply_to_id": "5"}, "reply_to"),
        ({"quote_id": "5"}, "quote_of"),
        ({"quote": {"state": "accepted", "quoted_status": status(5)}}, "quote_of"),
    ],
)
def test_no_post_answers_or_quotes_itself(told: dict[str, object], field: str) -> None:
    one = status(5, **told)
    record = post_record(one, names(one), CLOCK)
    assert (record.reply_to, record.quote_of, record.quote_of_author) == (None, None, None)
    assert record.left_out == (f"{field}: itself",)


@pytest.mark.parametrize(
    ("moved", "expected", "left_out"),
    [
        (None, None, ()),
        (account("anne@autre.test", 8), "acct:anne@autre.test", ()),
        (account("Anne@ville.test", 1), None, ()),  # to itself
        (account("", 8), None, ("moved: no name",)),
        ("https://autre.test/@anne", None, ("moved: no name",)),
        ([], None, ("moved: no name",)),
    ],
)
def test_an_account_tells_where_it_moved_to(moved: object, expected: str | None, left_out: tuple[str, ...]) -> None:
    record = account_record(ANNE | {"moved": moved}, names(), CLOCK)
    assert (record.moved_to, record.left_out) == (expected, left_out)
