"""Threads of Reddit that people hold: invented ones in every shape, and a real one where it is present."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from passerelle.records import AccountRecord, DeletionRecord, MalformedRecord, PostRecord, Record
from spiders.archives.detect import detect
from spiders.archives.french import in_french
from tests.spiders.archives.shapes import facts, json_lines, posts, read, told, troubles, write

AT = 1_794_650_000.0
MORE = "threads that are not whole: {} behind links that were not followed"


def thing(kind: str, name: str, author: str | None = "nadia_ex", **more: Any) -> dict[str, Any]:
    """One thing as the API gives it."""
    own = {"id": name, "name": f"{kind}_{name}", "author": author, "created_utc": AT, "edited": False, "score": 3}
    own |= {"subreddit": "emploi", "subreddit_type": "public", "score_hidden": False}
    return {"kind": kind, "data": own | more}


def listing(*things: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"after": None, "children": list(things), "before": None}}


def said(name: str, parent: str, body: str = "bonjour", *below: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A comment with what is below it."""
    markup = f'<div class="md"><p>{body}</p>\n</div>'
    told = {"parent_id": parent, "link_id": "t3_1abc", "body": body, "body_html": markup}
    return thing("t1", name, **{**told, "replies": listing(*below) if below else "", **more})


def more(parent: str, *names: str) -> dict[str, Any]:
    """A link to comments that are not shown."""
    own = {"id": names[0] if names else "_", "parent_id": parent, "count": len(names), "children": list(names)}
    return {"kind": "more", "data": own}


HEAD = thing("t3", "1abc", title="Qui embauche ? #Entraide", selftext="À Metz", selftext_html=None, num_comments=6)
THREAD = [
    listing(HEAD),
    listing(
        said("k1", "t3_1abc", "Nous &amp; d'autres", said("k2", "t1_k1", "Merci u/Omar_ex !", author="omar_ex")),
        said("k3", "t3_1abc", "[deleted]", said("k4", "t1_k3", "ah", author="lin_ex"), author="[deleted]"),
        said("k5", "t3_1abc", "une idée", author="[deleted]"),
        said("k6", "t3_1abc", "[removed]", author="lin_ex"),
        more("t3_1abc", "k7", "k8"),
        more("t1_k4"),
    ),
]
BARE = [HEAD["data"], *(one["data"] for one in THREAD[1]["data"]["children"] if one["kind"] == "t1")]


def by_name(records: list[Record]) -> dict[str, PostRecord]:
    return {post.post.removeprefix("reddit:"): post for post in posts(records)}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(THREAD),
        json.dumps(THREAD, indent=2),
        json_lines([{"url": "https://oauth.reddit.test/comments/1abc", "body": THREAD}]),
        json_lines([HEAD, *THREAD[1]["data"]["children"]]),
        json_lines([{"json": {"errors": [], "data": {"things": [HEAD, *THREAD[1]["data"]["children"]]}}}]),
        json.dumps(THREAD) + "\n" + json.dumps(THREAD) + "\n",
    ],
    ids=["a page", "over lines", "whole answers", "things", "morechildren", "pages"],
)
def test_a_thread_is_read_in_every_shape(content: str, tmp_path: Path) -> None:
    path = write(tmp_path / "thread.json", content)
    assert detect(path.read_bytes()) == "reddit"
    found = read(path)
    assert by_name(found).keys() == {"1abc", "k1", "k2", "k4"}
    assert {one.post for one in found if isinstance(one, DeletionRecord)} == {"reddit:k3"}
    reasons = {one.reason for one in found if isinstance(one, MalformedRecord)}
    assert reasons == {"'author' was deleted", "'body' was removed by moderators"}
    assert {in_french(reason) for reason in reasons} == {
        "« author » a été supprimé",
        "« body » a été retiré par la modération",
    }
    tally = told(path)
    assert (tally.share, MORE.format("3 comments") in tally.remarks) == (0, True), "what is gone is no trouble"


def test_bare_posts_and_comments_are_read_too(tmp_path: Path) -> None:
    path = write(tmp_path / "RC_2026-11.jsonl", json_lines(BARE))
    assert detect(path.read_bytes()) == "reddit"
    assert by_name(read(path)).keys() >= {"1abc", "k1"}


def test_who_answers_whom(tmp_path: Path) -> None:
    found = by_name(read(write(tmp_path / "thread.json", json.dumps(THREAD))))
    assert (found["k2"].reply_to, found["k2"].reply_to_author) == ("reddit:k1", "reddit:nadia_ex")
    assert (found["k4"].reply_to, found["k4"].reply_to_author) == ("reddit:k3", None), "nobody knows any more"
    assert {found[name].root for name in ("k1", "k2", "k4")} == {"reddit:1abc"}
    assert [one.account for one in found["k2"].mentions] == ["reddit:Omar_ex"]
    assert found["1abc"].hashtags == ("Entraide",)
    assert (found["1abc"].text, found["1abc"].replies) == ("<p>Qui embauche ? #Entraide</p>À Metz", 6)


def test_signs_are_read_the_same_whether_the_api_escaped_them(tmp_path: Path) -> None:
    raw = said("k1", "t3_1abc", "a & b", body_html="<p>a &amp; b</p>")
    escaped = said("k1", "t3_1abc", "a &amp; b", body_html="&lt;p&gt;a &amp;amp; b&lt;/p&gt;")
    bare = said("k1", "t3_1abc", "a &amp; b", body_html=None)
    texts = [by_name(read(write(tmp_path / "one.json", json.dumps(one))))["k1"].text for one in (raw, escaped, bare)]
    assert texts == ["<p>a &amp; b</p>", "<p>a &amp; b</p>", "a &amp; b"]


@pytest.mark.parametrize(
    ("change", "edited", "favourites"),
    [
        ({"edited": AT + 60}, datetime.fromtimestamp(AT + 60, UTC), 3),
        ({"edited": True}, None, 3),
        ({"edited": False, "score_hidden": True, "score": 1}, None, None),
        ({"score": -4}, None, None),
        ({"score": "many", "edited": "soon"}, None, None),
    ],
)
def test_edits_and_scores(change: Any, edited: datetime | None, favourites: int | None, tmp_path: Path) -> None:
    path = write(tmp_path / "one.json", json.dumps(said("k1", "t3_1abc", **change)))
    found = by_name(read(path))["k1"]
    assert (found.edited_at, found.favourites) == (edited, favourites)
    assert len(found.left_out) == (2 if change["score" if "score" in change else "edited"] == "many" else 0)


def test_a_cross_post_is_a_repost_or_a_quote(tmp_path: Path) -> None:
    original = {**HEAD["data"], "id": "1old", "author": "omar_ex", "selftext": "", "num_comments": 0}
    passed = {"crosspost_parent": "t3_1old", "crosspost_parent_list": [original], "selftext": "", "num_comments": 0}
    same = thing("t3", "1two", title=original["title"], **passed)
    words = thing("t3", "1own", title="À voir", **passed)
    found = read(write(tmp_path / "posts.jsonl", json_lines([same, words])))
    shown = by_name(found)
    assert (shown["1two"].repost_of, shown["1two"].repost_of_author, shown["1two"].text) == (
        "reddit:1old",
        "reddit:omar_ex",
        "",
    )
    assert (shown["1own"].quote_of, shown["1own"].quote_of_author) == ("reddit:1old", "reddit:omar_ex")
    assert shown["1old"].embedded
    lost = {**passed, "crosspost_parent_list": [{**original, "author": "[deleted]", "selftext": "[deleted]"}]}
    path = write(tmp_path / "lost.jsonl", json_lines([thing("t3", "1two", title="À voir", **lost)]))
    assert (by_name(read(path))["1two"].quote_of, by_name(read(path))["1two"].quote_of_author) == ("reddit:1old", None)


def test_what_was_deleted_between_two_captures_is_told(tmp_path: Path) -> None:
    gone = said("k1", "t3_1abc", "[deleted]", author="[deleted]")
    first = write(tmp_path / "a-2026-11-10.json", json.dumps(THREAD))
    second = write(tmp_path / "b-2026-11-12.json", json.dumps([listing(HEAD), listing(gone)]))
    ends = {one.post: one.captured_at for one in read(second, first) if isinstance(one, DeletionRecord)}
    assert ends["reddit:k1"].date().isoformat() == "2026-11-12"


def test_what_one_file_lacks_another_may_hold(tmp_path: Path) -> None:
    answers = {"json": {"errors": [], "data": {"things": [said("k7", "t3_1abc"), said("k9", "t1_k4")]}}}
    path, other = write(tmp_path / "thread.json", json.dumps(THREAD)), write(tmp_path / "m.json", json.dumps(answers))
    assert MORE.format("1 comment") in told(path, other).remarks
    assert MORE.format("1 comment") in told(other, path).remarks


@pytest.mark.parametrize("odd", [None, [], {}, "x", -1, 10**30, {"kind": "t1"}, [None], "\ud800", True, "[deleted]"])
def test_an_odd_value_costs_its_comment_at_most(odd: Any, tmp_path: Path) -> None:
    whole = said("b1", "t3_1abc", "oui", said("b2", "t1_b1"))["data"]
    broken = [{"kind": "t1", "data": {**whole, name: odd}} for name in whole]
    below = listing(*broken, odd, {"kind": "t1", "data": odd}, {"kind": odd, "data": whole}, said("k2", "t3_1abc"))
    path = write(tmp_path / "thread.json", json.dumps([listing(HEAD), below]))
    assert {"1abc", "k2"} <= by_name(read(path)).keys()


def test_a_bot_is_one(tmp_path: Path) -> None:
    found = read(write(tmp_path / "a.json", json.dumps(said("k1", "t3_1abc", author="AutoModerator"))))
    assert [one.evidence.bot for one in found if isinstance(one, AccountRecord)] == [True]


def test_a_community_behind_a_door_is_not_public(tmp_path: Path) -> None:
    found = read(write(tmp_path / "a.json", json.dumps(said("k1", "t3_1abc", subreddit_type="private"))))
    assert by_name(found)["k1"].visibility == "private"


def test_a_real_thread(shared_data: Path) -> None:
    """542 comments, 536 of them different: 513 by 410 people and the post's author's own, 23 by nobody any more."""
    path = shared_data / "reddit-thread" / "funny-3hahrw.responses.jsonl.gz"
    found, tally = read(path), told(path)
    shown = by_name(found)
    gone = {one.post for one in found if isinstance(one, DeletionRecord)}
    assert facts(found) == (514, 410, 0, 513)
    assert Counter(type(one).__name__ for one in found) == {
        "AccountRecord": 525,
        "PostRecord": 525,
        "MalformedRecord": 16,
        "DeletionRecord": 8,
    }
    assert (len(gone), len(shown) - 1 + len(gone) + len({where for where, _ in troubles(found)})) == (7, 536)
    assert {reason for _, reason in troubles(found)} == {"'author' was deleted"}
    assert (tally.unread, tally.lost, list(tally.remarks)) == (0, 0, [MORE.format("20 comments")])
    assert sum(post.edited_at is not None for post in shown.values()) == 13
    assert {post.captured_at.date().isoformat() for post in shown.values()} == {"2017-03-16"}
    assert shown["3hahrw"].replies == 537
    assert sum(post.reply_to is not None and post.reply_to_author is None for post in shown.values()) == 24
