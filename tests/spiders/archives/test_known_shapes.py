"""Shapes that nobody needs to name: streams, search pages, and what platforms give people of their own accounts."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from passerelle.errors import UsageError
from passerelle.records import AccountRecord
from tests.spiders.archives.shapes import json_lines, posts, read, troubles, write
from tests.spiders.archives.test_containers import zipped
from tests.spiders.archives.test_reading import tweet

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
ME = "https://rive.test/users/lea"


def streamed(number: int) -> dict[str, Any]:
    data = {"id": str(number), "author_id": "7", "created_at": "2026-10-05T08:00:00.000Z", "text": f"mot {number}"}
    return {"data": data, "includes": {"users": [{"id": "7", "username": "lea"}]}, "matching_rules": [{"id": "1"}]}


@pytest.mark.parametrize(
    "content",
    [
        json_lines([streamed(1), streamed(2)]),
        json.dumps({"data": [streamed(1)["data"], streamed(2)["data"]], "meta": {"result_count": 2}}, indent=1),
        json.dumps({"statuses": [tweet(1), tweet(2)], "search_metadata": {"count": 2}}),
        json_lines([{"statuses": [tweet(1)]}, {"statuses": [tweet(2)]}, {"statuses": []}]),
        json.dumps({"results": [tweet(1), tweet(2)], "next": "abc"}),
        json.dumps([tweet(1), tweet(2)], indent=2),
        json_lines([tweet(1), tweet(2)]).replace("}\n", "},\n"),
    ],
)
def test_streams_and_pages_need_no_format(tmp_path: Path, content: str) -> None:
    found = read(write(tmp_path / "a.txt", content))
    assert [post.post for post in posts(found)] == ["twitter:1", "twitter:2"]
    assert troubles(found) == []


def test_a_tweet_of_a_page_that_cannot_be_read_costs_no_other(tmp_path: Path) -> None:
    page = {"statuses": [tweet(1), {"id_str": "x", "created_at": "hier"}, tweet(3)]}
    found = read(write(tmp_path / "a.json", json.dumps(page)))
    assert [post.post for post in posts(found)] == ["twitter:1", "twitter:3"]
    assert troubles(found) == [("line 1, tweet 2", "'user' cannot be read")]


def exported(number: int, text: str) -> dict[str, Any]:
    mention = {"id_str": "88", "screen_name": "Tom", "indices": ["3", "7"]}
    entities = {"hashtags": [{"text": "i4emploi", "indices": ["1", "2"]}], "user_mentions": [mention]}
    body = {"id_str": str(number), "full_text": text, "created_at": "Mon Oct 05 08:00:00 +0000 2026"}
    return {"tweet": {**body, "favorite_count": "3", "display_text_range": ["0", "9"], "entities": entities}}


TWEETS = "window.YTD.tweets.part0 = " + json.dumps([exported(1, "bonjour @Tom"), exported(2, "RT @tom: oui")], indent=2)
ACCOUNT = 'window.YTD.account.part0 = [ {"account" : {"accountId" : "77", "username" : "lea_inv"}} ]'


@pytest.mark.parametrize("packed", [True, False])
def test_twitters_own_export(tmp_path: Path, packed: bool) -> None:
    closed = {"data/direct-messages.js": "window.YTD.x = [ { } ]", "data/like.js": "window.YTD.like.part0 = [ {} ]"}
    if packed:
        path = write(tmp_path / "a.zip", zipped(**{"data/tweets.js": TWEETS, "data/account.js": ACCOUNT, **closed}))
    else:
        path = write(tmp_path / "tweets.js", TWEETS)
        write(tmp_path / "account.js", ACCOUNT)
    found = read(path)
    first, second = posts(found)
    assert (first.author, first.favourites, first.hashtags) == ("twitter:77", 3, ("i4emploi",))
    assert second.repost_of
    assert second.repost_of_author == "twitter:88"
    assert troubles(found) == []


def test_twitters_export_without_its_account_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"account\.js"):
        read(write(tmp_path / "tweets.js", TWEETS))


def activity(number: int, to: str = PUBLIC, **note: Any) -> dict[str, Any]:
    head = {"published": f"2026-10-05T08:0{number}:00Z", "to": [to], "cc": []}
    tags = [{"type": "Hashtag", "name": "#i4emploi"}, {"type": "Mention", "name": "@tom@autre.test"}]
    body = {"id": f"{ME}/statuses/{number}", "type": "Note", "content": "<p>mot</p>", "tag": tags, "inReplyTo": None}
    return {
        "id": f"{ME}/statuses/{number}/activity",
        "type": "Create",
        "actor": ME,
        **head,
        "object": body | head | note,
    }


BOOST = {"id": f"{ME}/statuses/9/activity", "type": "Announce", "actor": ME, "published": "2026-10-06T08:00:00Z"}
BOOST |= {"to": [PUBLIC], "cc": [], "object": "https://autre.test/users/tom/statuses/4"}
OUTBOX = {
    "type": "OrderedCollection",
    "orderedItems": [
        activity(1),
        activity(2, inReplyTo=f"{ME}/statuses/1", summary="attention"),
        activity(3, to=f"{ME}/followers"),
        BOOST,
    ],
}
ACTOR = {"id": ME, "preferredUsername": "Lea", "type": "Person", "summary": "bonjour", "indexable": True}


def test_a_mastodon_export_in_its_archive(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        members = {"media_attachments/x.png": b"\x89PNG", "outbox.json": OUTBOX, "likes.json": {}, "actor.json": ACTOR}
        for name, content in members.items():
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    found = read(write(tmp_path / "archive.tar.gz", out.getvalue()))
    one, reply, private, boost = posts(found)
    assert one.author == "acct:lea@rive.test"
    assert [m.account for m in one.mentions] == ["acct:tom@autre.test"]
    assert (reply.reply_to, private.visibility, boost.repost_of) == (one.post, "private", BOOST["object"])
    assert "attention" in reply.text
    accounts = [record for record in found if isinstance(record, AccountRecord)]
    assert accounts[0].evidence.indexable is True
