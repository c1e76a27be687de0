"""Values of mapped files: what means nothing is nothing, what was an identifier once is refused, nothing is guessed."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from passerelle.errors import UsageError
from tests.spiders.archives.shapes import FIRST, WHOLE, facts, mapping, posts, read, rows, table, told, troubles, write


def read_rows(folder: Path, change: Any, **other: Any) -> Any:
    return read(write(folder / "a.csv", table(rows(change))), mapping=mapping(**other))


@pytest.mark.parametrize(
    "blank",
    [
        "NA",
        "nan",
        "null",
        "NULL",
        "None",
        "N/A",
        "<NA>",
        "\\N",
        "-1",
        ".",
        "?",
        "(null)",
        "<null>",
        "missing",
        "nothing",
        "#N/D",
    ],
)
def test_what_programs_write_for_an_empty_cell_is_empty(tmp_path: Path, blank: str) -> None:
    found = read_rows(
        tmp_path, lambda place, row: {"reply": row["reply"] or blank, "rt": row["rt"] or blank, "likes": blank}
    )
    assert facts(found) == WHOLE
    assert {post.favourites for post in posts(found)} == {None}


def test_a_text_of_na_is_empty_only_where_na_is_empty_elsewhere(tmp_path: Path) -> None:
    in_r = read_rows(
        tmp_path, lambda place, row: {"text": "NA" if place == 4 else row["text"], "rt": row["rt"] or "NA"}
    )
    said = read_rows(tmp_path, lambda place, row: {"text": "NA" if place == 4 else row["text"]})
    assert (posts(in_r)[4].text, posts(said)[4].text) == ("", "NA")


def test_a_row_without_author_is_quarantined_and_a_deleted_one_is_not_unread(tmp_path: Path) -> None:
    def change(place: int, row: dict[str, str]) -> dict[str, str]:
        return {"author": {2: "NA", 4: "[deleted]"}.get(place, row["author"])}

    path = write(tmp_path / "a.csv", table(rows(change)))
    assert troubles(read(path, mapping=mapping())) == [
        ("line 4", "'author' is empty"),
        ("line 6", "'author' was deleted"),
    ]
    assert told(path, mapping=mapping()).unread == 1


@pytest.mark.parametrize("value", ["1.05012E+18", "1,05012E+18", f"{FIRST}.0", "1e+18"])
@pytest.mark.parametrize("column", ["id", "author", "rt"])
def test_a_rounded_identifier_is_refused_by_line_and_column(tmp_path: Path, column: str, value: str) -> None:
    found = read_rows(tmp_path, lambda place, row: {column: value} if place == 7 else {})
    assert troubles(found) == [("line 9", f"'{column}' was rounded by a spreadsheet or a program")]


@pytest.mark.parametrize(
    "cut",
    [
        lambda digits: digits[:15] + "0000",
        lambda digits: digits[:17] + "00",
        lambda digits: str(int(float(digits))),
    ],
)
@pytest.mark.parametrize("column", ["id", "author"])
def test_a_column_of_cut_identifiers_refuses_the_file(tmp_path: Path, column: str, cut: Any) -> None:
    def change(place: int, row: dict[str, str]) -> dict[str, str]:
        return {column: cut(str(int(row[column]) + place * 10**6 + 321))}

    with pytest.raises(UsageError, match=f"a.csv, line 2: column '{column}' holds ids cut"):
        read_rows(tmp_path, change)


@pytest.mark.parametrize(
    "dress",
    ["={quote}{id}{quote}", "'{id}", "tweet:{id}", "https://twitter.com/lea/status/{id}", "{grouped}", "{wide}"],
)
def test_identifiers_in_a_spreadsheets_or_another_dress_are_themselves(tmp_path: Path, dress: str) -> None:
    def dressed(digits: str) -> str:
        grouped = f"{int(digits):,}"
        return dress.format(id=digits, quote='"', grouped=grouped, wide=grouped.replace(",", "\u202f"))

    found = read_rows(tmp_path, lambda place, row: {"id": dressed(row["id"])})
    assert facts(found) == WHOLE
    assert posts(found)[5].repost_of == posts(found)[0].post == f"twitter:{FIRST}"


def test_small_numbers_with_a_fraction_of_nothing_are_whole(tmp_path: Path) -> None:
    found = read_rows(
        tmp_path,
        lambda place, row: {"id": str(place + 1), "author": f"{place % 5 + 1}.0", "rt": "", "reply": ""},
        platform="forum",
    )
    assert {post.author for post in posts(found)} == {f"forum:{n}" for n in range(1, 6)}


def test_a_platform_has_one_name(tmp_path: Path) -> None:
    found = posts(read_rows(tmp_path, lambda place, row: {}, platform="x"))
    assert {post.platform for post in found} == {"twitter"}
    assert found[0].post == f"twitter:{FIRST}"


def test_reddits_prefixes_lead_to_the_same_post(tmp_path: Path) -> None:
    found = read_rows(
        tmp_path,
        lambda place, row: {"id": f"abc{place}", "author": f"u{place % 5}", "reply": f"t1_abc{place - 1}", "rt": ""},
        platform="reddit",
    )
    known = {post.post for post in posts(found)}
    assert sum(post.reply_to in known for post in posts(found)) == 11


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("['inv1', 'inv2']", ["inv1", "inv2"]),
        ('["inv1","inv2"]', ["inv1", "inv2"]),
        ("['inv1' 'inv2']", ["inv1", "inv2"]),
        ('c("inv1", "inv2")', ["inv1", "inv2"]),
        ("{inv1,inv2}", ["inv1", "inv2"]),
        ("@inv1, @inv2", ["inv1", "inv2"]),
        ("inv1|inv2", ["inv1", "inv2"]),
        ("[{'username': 'inv1', 'id': 7}]", ["7"]),
        ('[{"screen_name": "inv1", "id_str": "7"}]', ["7"]),
        ("character(0)", []),
        ("[]", []),
        ("[nan]", []),
        ("array(['inv1', 'inv2'], dtype='<U4')", ["inv1", "inv2"]),
        ("array(['inv1'], dtype=object)", ["inv1"]),
        ("array([], dtype=object)", []),
    ],
)
def test_lists_in_cells_as_json_python_r_and_sql_write_them(tmp_path: Path, cell: str, names: list[str]) -> None:
    path = write(tmp_path / "a.csv", table([row | {"who": cell} for row in rows()]))
    found = posts(read(path, mapping=mapping(mentions="who")))
    assert [m.account for m in found[0].mentions] == [f"twitter:{name}" for name in names]


def test_a_list_where_one_value_is_meant_is_refused(tmp_path: Path) -> None:
    found = read_rows(tmp_path, lambda place, row: {"reply": '[{"id": "1"}]'} if place == 2 else {})
    assert troubles(found) == [("line 4", "'reply' holds a list")]


def test_html_is_recognised_where_nobody_says_it_and_plain_where_somebody_does(tmp_path: Path) -> None:
    def change(place: int, row: dict[str, str]) -> dict[str, str]:
        return {"text": "<p>l'appel <a href='https://x.test'>#<span>i4emploi</span></a></p>" if place else row["text"]}

    first, second = posts(read_rows(tmp_path, change))[:2]
    assert (first.text_format, second.text_format, second.hashtags) == ("plain", "html", ("i4emploi",))
    assert posts(read_rows(tmp_path, change, text_format="plain"))[1].text_format == "plain"


def test_rows_that_repeat_a_post_for_each_mention_are_one(tmp_path: Path) -> None:
    exploded = [row | {"who": f"inv{n}"} for row in rows() for n in range(3)]
    path = write(tmp_path / "a.csv", table(exploded))
    found = posts(read(path, mapping=mapping(mentions="who")))
    assert len(found) == 12
    assert [m.handle for m in found[7].mentions] == ["twitter:@inv0", "twitter:@inv1", "twitter:@inv2"]
    apart = write(tmp_path / "b.csv", table(sorted(exploded, key=lambda row: row["who"])))
    with pytest.raises(UsageError, match="column 'id' comes again with other mentions"):
        read(apart, mapping=mapping(mentions="who"))


def test_a_repost_known_by_its_text_only_leads_to_its_original_wherever_that_stands(tmp_path: Path) -> None:
    def change(place: int, row: dict[str, str]) -> dict[str, str]:
        words = {0: "RT @inv4: appel numéro 9 à relayer #i4emploi", 5: "RT @ailleurs: bonjour"}
        return {"text": words.get(place, row["text"]), "rt": "", "reply": ""}

    path = write(tmp_path / "a.csv", table(rows(change)))
    found = posts(read(path, mapping=mapping(repost_of=None)))
    assert (found[0].repost_of, found[0].repost_of_author) == (found[9].post, "twitter:inv4")
    assert found[5].repost_of not in {None, *(post.post for post in found)}
    assert sum(post.repost_of is None for post in found) == 10
    (remark,) = told(path, mapping=mapping(repost_of=None)).remarks
    assert "2 reposts known by their text only (RT @…): 1 tied" in remark


@pytest.mark.parametrize(
    ("change", "other", "says"),
    [
        (lambda place, row: {"author": "twitter"}, {}, "column 'author' names one and the same author"),
        (lambda place, row: {"at": "2026-10-05T08:00:00Z"}, {}, "column 'at' says one moment in all rows"),
        (lambda place, row: {"id": "7", "reply": "", "rt": ""}, {}, "column 'id' is the same in all rows"),
        (
            lambda place, row: {"text": f"RT @inv1: {place}", "rt": ""},
            {},
            "column 'rt' is empty in all rows that begin",
        ),
        (lambda place, row: {"at": str(1791187200 + place)}, {"time_format": "unix_ms"}, "column 'at' is before 1990"),
        (lambda place, row: {"text": "numÃ©ro Ã\xa0 relayer"}, {}, "column 'text' is UTF-8 that was read"),
        (
            lambda place, row: {"id": f"https://a.test/{place}", "reply": f"{place + 50}", "rt": ""},
            {"platform": "forum"},
            "column 'reply' names posts unlike 'id'",
        ),
        (
            lambda place, row: {"at": f"{5 + place % 9:02d}/10/2026"},
            {"time_format": "%m/%d/%Y"},
            "rows fit only with day and month exchanged",
        ),
    ],
)
def test_a_column_that_cannot_be_what_the_mapping_says_refuses_the_file(
    tmp_path: Path, change: Any, other: Any, says: str
) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        read_rows(tmp_path, change, **other)
    assert "rien n'a été importé" in caught.value.fr


def test_one_author_is_right_where_the_mapping_says_so(tmp_path: Path) -> None:
    assert len(posts(read_rows(tmp_path, lambda place, row: {"author": "7"}, one_author=True))) == 12


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", table(rows()).replace("handle", "text", 1))
    with pytest.raises(UsageError, match="line 1: column 'text' stands twice"):
        read(path, mapping=mapping(author_handle=None))


def test_a_path_that_no_object_has_is_told_and_refused_for_the_text(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", "".join(json.dumps(row) + "\n" for row in rows()))
    assert list(told(path, mapping=mapping(language="user.lang")).remarks) == [
        f"{path}: no row has 'user.lang'; is the mapping right?"
    ]
    with pytest.raises(UsageError, match="no row has 'body'"):
        read(path, mapping=mapping(text="body"))


ZONES = ["UTC", "Europe/Paris", "America/New_York", "Asia/Shanghai"]


@pytest.mark.parametrize(
    ("form", "value", "zone", "moment"),
    [
        ("%Y-%m-%d %H:%M:%S %Z", "2026-10-05 10:00:00 CEST", None, "2026-10-05T08:00:00"),
        ("%Y-%m-%d %H:%M:%S %Z", "2026-10-05 04:00:00 EDT", None, "2026-10-05T08:00:00"),
        ("%a %b %d %H:%M:%S %Z %Y", "Mon Oct 05 01:00:00 PDT 2026", None, "2026-10-05T08:00:00"),
        ("iso", "2026-10-05 08:00:00 UTC", None, "2026-10-05T08:00:00"),
        ("iso", "2026-10-05 10:00:00 +0200", None, "2026-10-05T08:00:00"),
        ("iso", "2026-10-05 10:00:00", "Europe/Paris", "2026-10-05T08:00:00"),
        ("iso", "2026-10-05 13:30:00 IST", "Asia/Kolkata", "2026-10-05T08:00:00"),
        ("%d/%m/%Y %H:%M", "05/10/2026 08:00", None, "2026-10-05T08:00:00"),
        ("iso", "2026-10-05 13:30:00 IST", None, "has a zone whose name is not clear"),
        ("iso", "2026-10-25 02:30:00", "Europe/Paris", "is an hour that comes twice in its time zone"),
        ("iso", "2026-03-29 02:30:00", "Europe/Paris", "is an hour that does not exist in its time zone"),
        ("iso", "1791187200", None, "cannot be read"),
        ("unix", "1.79119E+09", None, "cannot be read"),
        ("unix", "-1", None, "cannot be read"),
    ],
)
@pytest.mark.parametrize("machine", ZONES)
def test_times_are_read_alike_whatever_zone_the_machine_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, machine: str, form: str, value: str, zone: str | None, moment: str
) -> None:
    monkeypatch.setenv("TZ", machine)
    time.tzset()
    try:
        path = write(tmp_path / "a.csv", table([*rows()[:1], rows()[1] | {"at": value}]))
        if form != "iso":
            path = write(tmp_path / "a.csv", table([rows()[0] | {"at": value}]))
        found = read_or_reason(path, mapping(time_format=form, time_zone=zone))
    finally:
        os.environ.pop("TZ", None)
        monkeypatch.undo()
        time.tzset()
    assert found == moment


def read_or_reason(path: Path, how: Any) -> str:
    try:
        found = read(path, mapping=how)
    except UsageError as error:
        return error.en.partition("'at' ")[2].partition(")")[0]
    if bad := troubles(found):
        return bad[0][1].removeprefix("'at' ")
    return posts(found)[-1].created_at.astimezone(UTC).replace(tzinfo=None).isoformat()


def test_times_without_zone_and_of_unclear_order_are_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", table(rows(lambda place, row: {"at": f"{1 + place:02d}/10/2026 08:00"})))
    remarks = " ".join(told(path, mapping=mapping(time_format="%d/%m/%Y %H:%M")).remarks)
    assert "name no zone and were read as UTC" in remarks
    assert "would also fit with day and month exchanged" in remarks
    assert posts(read(path, mapping=mapping(time_format="%d/%m/%Y %H:%M")))[0].created_at == datetime(
        2026, 10, 1, 8, tzinfo=UTC
    )
