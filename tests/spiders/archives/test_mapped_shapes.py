"""Shapes that a mapping reads: rows in rows, misread texts, names in place of ids, dates in words, feeds, addresses."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from passerelle.campaign import Mapping
from passerelle.errors import UsageError
from passerelle.values import is_identity
from spiders.archives.identities import account_identity, post_identity
from tests.spiders.archives.held.writing import misread
from tests.spiders.archives.shapes import mapping, posts, read, rows, table, told, troubles, write


def nested(**other: Any) -> Mapping:
    return Mapping(platform="forum", post="id", author="who", created_at="at", text="text", **other)


def said(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"p{number}", "who": f"w{number}", "at": f"2026-10-05T08:{number:02d}:00Z", "text": "mot", **more}


def test_comments_at_any_depth_answer_what_they_stand_under(tmp_path: Path) -> None:
    deep = said(9)
    for number in range(8, -1, -1):
        deep = said(number, answers=[deep])
    found = posts(read(write(tmp_path / "a.json", json.dumps([deep])), mapping=nested(comments="answers")))
    assert [(post.post, post.reply_to, post.reply_to_author, post.root) for post in found[:3]] == [
        ("forum:p0", None, None, None),
        ("forum:p1", "forum:p0", "forum:w0", "forum:p0"),
        ("forum:p2", "forum:p1", "forum:w1", "forum:p0"),
    ]
    assert (len(found), found[-1].reply_to, found[-1].root) == (10, "forum:p8", "forum:p0")


def test_comments_too_deep_to_be_read_cost_their_thread(tmp_path: Path) -> None:
    deep = '{"id": "d", "answers": [' * 100_000
    text = "\n".join([json.dumps(said(n)) for n in range(1, 9)] + [deep])
    found = read(write(tmp_path / "a.jsonl", text), mapping=nested(comments="answers"))
    assert (len(posts(found)), troubles(found)) == (8, [("line 9", "not valid JSON")])


def test_what_answers_an_unreadable_row_is_counted_and_costs_nobody_else(tmp_path: Path) -> None:
    broken = said(2, at="?", answers=[said(3, answers=[said(4)]), "?"])
    path = write(tmp_path / "a.json", json.dumps({"list": [said(1, answers=[said(5)]), broken, 7]}))
    found = read(path, mapping=nested(rows="list", comments="answers"))
    assert [post.post for post in posts(found)] == ["forum:p1", "forum:p5"]
    assert [reason for _, reason in troubles(found)] == [
        "'at' cannot be read",
        *["answers a row that cannot be read"] * 3,
        "no JSON object",
    ]
    assert troubles(found)[1][0] == "line 1, row 2, comment 1"


def test_a_made_name_is_the_same_again_and_differs_by_thread(tmp_path: Path) -> None:
    same = {"who": "w", "at": "2026-10-05T08:00:00Z", "text": "merci"}
    path = write(tmp_path / "a.json", json.dumps([said(n, answers=[same, same]) for n in range(3)]))
    found = [post.post for post in posts(read(path, mapping=nested(comments="answers")))]
    assert found == [post.post for post in posts(read(path, mapping=nested(comments="answers")))]
    assert (len(found), len(set(found))) == (9, 6)


def test_a_row_without_id_is_refused_where_the_mapping_names_one(tmp_path: Path) -> None:
    found = read(write(tmp_path / "a.json", json.dumps([said(1), said(2) | {"id": ""}])), mapping=nested())
    assert troubles(found) == [("object 2", "'id' is empty")]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_misread_texts_and_labels_are_put_right_and_others_left(tmp_path: Path, encoding: str) -> None:
    words = ["été à Nîmes", "plain", "Ω 中", "l’œuvre — €"]
    told_by = [said(n, text="", Libellé=word) for n, word in enumerate(words)]
    texts = json.dumps(told_by, ensure_ascii=False).encode().decode(encoding, "replace")
    if encoding == "latin-1":
        assert misread(told_by) == json.dumps(json.loads(texts))
    path = write(tmp_path / "a.json", json.dumps(json.loads(texts)))
    how = Mapping(**(nested(misread_as=encoding).model_dump() | {"text": "Libellé"}))
    found = [post.text for post in posts(read(path, mapping=how))]
    assert found[:2] == words[:2]
    assert found[2:] == words[2:] or encoding == "cp1252"  # some bytes stand for nothing there
    right = write(tmp_path / "b.json", json.dumps(told_by))
    assert [post.text for post in posts(read(right, mapping=how))] == words


def test_a_misread_file_says_what_to_do(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", misread([said(n, text=f"été n° {n}") for n in range(12)]))
    with pytest.raises(UsageError, match="misread_as in the mapping") as caught:
        read(path, mapping=nested())
    assert "misread_as (latin-1" in caught.value.fr


def people(folder: Path, **other: Any) -> list[str]:
    told_by = [("A", "Léa Martin"), ("A", "LÉA MARTIN"), ("B", "Léa Martin"), ("A", "Anonyme"), ("A", "")]
    lines = [said(n, who=who, group=group) for n, (group, who) in enumerate(told_by)]
    return [post.author for post in posts(read(write(folder / "a.json", json.dumps(lines)), mapping=nested(**other)))]


def test_a_shown_name_is_one_person_in_one_place_and_nobody_is_somebody_else_each_time(tmp_path: Path) -> None:
    first, again, elsewhere, nobody, blank = people(tmp_path, author_within="group")
    assert first == again == "forum:a/guest/léa%20martin"
    assert len({first, elsewhere, nobody, blank}) == 4
    assert all(map(is_identity, (first, elsewhere, nobody, blank)))


def test_a_shown_name_without_its_place_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", json.dumps([said(n, group="g" if n else "") for n in range(5)]))
    assert troubles(read(path, mapping=nested(author_within="group"))) == [("object 1", "'group' is empty")]


def test_names_as_they_are_shown_are_told_where_they_pass_for_ids(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", json.dumps([said(n, who=f"Léa Martin {n}") for n in range(3)]))
    assert [remark.partition(": ")[2][:45] for remark in told(path, mapping=nested()).remarks] == [
        "'who' holds names as they are shown: two peop"
    ]


@pytest.mark.parametrize(
    ("other", "account", "says"),
    [
        ({"author": ""}, None, "say --account NAME"),
        ({}, "lea", "leave --account out"),
    ],
)
def test_whose_file_it_is_must_be_said_once(tmp_path: Path, other: Any, account: str | None, says: str) -> None:
    how = Mapping(**(nested().model_dump() | other))
    with pytest.raises(UsageError, match=says):
        read(write(tmp_path / "a.json", json.dumps([said(1)])), mapping=how, account=account)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("5 octobre 2026 à 10:32", "2026-10-05T08:32"),
        ("lundi 5 oct. 2026, 10 h 32", "2026-10-05T08:32"),
        ("05/10/2026 10:32", "2026-10-05T08:32"),
        ("Mon, 05 Oct 2026 10:32:00 +0200", "2026-10-05T08:32"),
        ("2026-10-05T08:32:00Z", "2026-10-05T08:32"),
        ("25 octobre 2026 à 2:30", "is an hour that comes twice in its time zone"),
        ("il y a 3 jours", "says how long ago, not when"),
        ("2 sem.", "says how long ago, not when"),
        ("18h", "says how long ago, not when"),
        ("octobre 2026", "cannot be read"),
    ],
)
def test_dates_in_words_are_of_the_mappings_zone_and_what_is_no_date_is_refused(
    tmp_path: Path, written: str, moment: str
) -> None:
    path = write(
        tmp_path / "a.json", json.dumps([said(n, at="1er mai 2026 à 7h") for n in range(9)] + [said(9, at=written)])
    )
    found = read(path, mapping=nested(time_format="words", time_zone="Europe/Paris"))
    last = (
        troubles(found)[0][1].removeprefix("'at' ")
        if troubles(found)
        else f"{posts(found)[-1].created_at:%Y-%m-%dT%H:%M}"
    )
    assert last == moment


def test_the_first_filled_column_counts_and_one_that_may_be_missing_is_not_missed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", table([{**row, "autre": "x", "id": ""} for row in rows()[:1]] + rows()[1:]))
    path = write(tmp_path / "a.csv", table([{"uid": "", **row} for row in rows()]))
    found = posts(read(path, mapping=mapping(post="uid | id", quotes="nowhere |", hashtags="tags |")))
    assert (len(found), found[3].hashtags) == (12, ("i4emploi",))
    with pytest.raises(UsageError, match=r"column 'uuid \| iid' is missing"):
        read(path, mapping=mapping(post="uuid | iid"))


@pytest.mark.parametrize(
    ("value", "kept"), [("Public", True), (True, True), ("friends", False), ("", False), (None, False)]
)
def test_what_is_not_said_to_be_public_is_not(tmp_path: Path, value: Any, kept: bool) -> None:
    path = write(tmp_path / "a.json", json.dumps([said(1, acl={"seen": [{"x": 1}, {"by": value}]}, answers=[said(2)])]))
    how = nested(comments="answers", visibility="acl.seen.by", public=("public", "true"))
    assert {post.visibility == "public" for post in posts(read(path, mapping=how))} == {kept}


def test_only_the_files_that_the_mapping_names_are_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x/posts/p1.json", json.dumps([said(1)]))
        archive.writestr("x/inbox/secret.json", "{" * 100)
        archive.writestr("part2.zip", b"no zip at all")
    assert len(posts(read(path, mapping=nested(files="*/posts/*.json")))) == 1
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("posts.html", "<html>")
    with pytest.raises(UsageError, match=r"none of the 1 files inside is named \*/x.json"):
        read(tmp_path / "b.zip", mapping=nested(files="*/x.json"))


FEED = '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a</id></entry></feed>'


def test_a_feed_without_mapping_says_which_columns_it_has(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="it has: address, time, author"):
        read(write(tmp_path / "a.xml", FEED))


@pytest.mark.parametrize("bad", [FEED[:60], FEED.replace("<entry>", "<entry"), FEED])
def test_a_feed_without_a_post_is_refused_in_one_line(tmp_path: Path, bad: str) -> None:
    how = Mapping(platform="blog", post="address", author="author", created_at="time", time_format="words")
    with pytest.raises(UsageError, match=r"no post could be read|say scoopit") as caught:
        read(write(tmp_path / "a.xml", bad), mapping=how)
    assert "\n" not in caught.value.en


@pytest.mark.parametrize(
    ("platform", "written", "name"),
    [
        (
            "linkedin",
            "https://www.linkedin.com/feed/update/urn%3Ali%3AugcPost%3A7458194261025673216",
            "ugcPost:7458194261025673216",
        ),
        (
            "linkedin",
            "https://www.linkedin.com/feed/update/urn:li:ugcPost:7458194261025673216/?utm=1",
            "ugcPost:7458194261025673216",
        ),
        (
            "linkedin",
            "urn:li:comment:(activity:7320724072932298753,7320733736071794688)",
            "comment:7320724072932298753:7320733736071794688",
        ),
        (
            "linkedin",
            "urn:li:comment:(urn:li:activity:7320724072932298753,7320733736071794688)",
            "comment:7320724072932298753:7320733736071794688",
        ),
        ("instagram", "https://www.instagram.com/p/Cx0_-/?img_index=1", "Cx0_-"),
        ("instagram", "https://instagram.com/lea.inv/reel/Cx0/", "Cx0"),
    ],
)
def test_a_posts_address_is_its_name_however_it_is_written(platform: str, written: str, name: str) -> None:
    assert post_identity(platform, written) == f"{platform}:{name}"


@pytest.mark.parametrize(
    ("platform", "written", "name"),
    [
        ("linkedin", "https://fr.linkedin.com/in/L%C3%A9a-Inv/?originalSubdomain=fr", "in/léa-inv"),
        ("facebook", "https://www.facebook.com/profile.php?id=1000123&sk=about", "1000123"),
        ("facebook", "https://m.facebook.com/Lea.Inv", "lea.inv"),
        ("instagram", "https://www.instagram.com/lea.inv/", "lea.inv"),
        ("forum", "https://forum.test/u/lea", "https://forum.test/u/lea"),
    ],
)
def test_a_profiles_address_is_its_name_however_it_is_written(platform: str, written: str, name: str) -> None:
    assert account_identity(platform, written) == f"{platform}:{name}"
