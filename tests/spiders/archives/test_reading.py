"""Several files as one stream: formats, capture times, and wrong input with one clear line each."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from passerelle.campaign import Mapping
from passerelle.errors import ExitCode, UsageError
from passerelle.records import AccountRecord, DeletionRecord, MalformedRecord, PostRecord, Record
from pipelines.soundness import sound
from spiders.archives import read_archives
from spiders.archives.capture import date_in_name
from tests.exploring import examples

CLOCK = datetime(2026, 11, 22, 6, tzinfo=UTC)


def tweet(number: int, **more: Any) -> dict[str, Any]:
    user = {"id_str": "77", "screen_name": "lea_invented", "description": "peintre", "followers_count": 3}
    return {
        "id_str": str(number),
        "created_at": "Mon Oct 05 10:00:00 +0000 2026",
        "full_text": "@tom_invented bonjour #i4emploi &amp; merci",
        "display_text_range": [14, 42],
        "entities": {
            "hashtags": [{"text": "i4emploi"}],
            "user_mentions": [{"id_str": "88", "screen_name": "tom_invented", "indices": [0, 13]}],
        },
        "in_reply_to_user_id_str": "88",
        "retweet_count": 1,
        "lang": "fr",
        "user": user,
    } | more


def write(path: Path, *lines: object) -> Path:
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def read(*paths: Path, **how: Any) -> list[Record]:
    return list(read_archives(paths, clock=CLOCK, **how))


def posts(records: list[Record]) -> list[PostRecord]:
    return [record for record in records if isinstance(record, PostRecord)]


def troubles(records: list[Record]) -> list[tuple[str, str]]:
    return [(record.where, record.reason) for record in records if isinstance(record, MalformedRecord)]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_a_tweet_of_v1_is_read_whole(tmp_path: Path, name: str) -> None:
    account, post = read(write(tmp_path / name, tweet(901300749870739457)))
    assert isinstance(account, AccountRecord)
    assert isinstance(post, PostRecord)
    assert (post.post, post.author, account.handle) == (
        "twitter:901300749870739457",
        "twitter:77",
        "twitter:@lea_invented",
    )
    assert post.created_at == datetime(2026, 10, 5, 10, tzinfo=UTC)
    assert (post.reply_to, post.reply_to_author, post.reposts, post.hashtags) == (None, "twitter:88", 1, ("i4emploi",))
    assert [(m.account, m.prefix) for m in post.mentions] == [("twitter:88", True)]


def test_tweets_inside_others_come_first_once_and_marked(tmp_path: Path) -> None:
    quoted = tweet(1)
    original = tweet(2, quoted_status=quoted, quoted_status_id_str="1")
    outer = tweet(3, retweeted_status=original, quoted_status=quoted, quoted_status_id_str="1")
    found = posts(read(write(tmp_path / "a.jsonl", outer)))
    assert sorted((post.post, post.embedded) for post in found) == [
        ("twitter:1", True),
        ("twitter:2", True),
        ("twitter:3", False),
    ]
    assert found[-1].repost_of == "twitter:2"
    assert next(post for post in found if post.post == "twitter:2").quote_of_author == "twitter:77"


def test_a_long_tweet_of_the_stream_and_a_deletion_notice(tmp_path: Path) -> None:
    body = {
        "full_text": "la suite entière",
        "entities": {"hashtags": [{"text": "suite"}]},
        "display_text_range": [0, 16],
    }
    long = tweet(1, text="la suite…", truncated=True, extended_tweet=body)
    del long["full_text"]
    gone = {"delete": {"status": {"id_str": "9"}, "timestamp_ms": "1791194400000"}}
    records = read(write(tmp_path / "a.jsonl", gone, long))
    assert [(p.text, p.hashtags) for p in posts(records)] == [("la suite entière", ("suite",))]
    (deletion,) = [record for record in records if isinstance(record, DeletionRecord)]
    assert (deletion.post, deletion.captured_at) == ("twitter:9", datetime(2026, 10, 5, 10, tzinfo=UTC))


def test_response_pages_of_twarc2(tmp_path: Path) -> None:
    users = [{"id": "77", "username": "lea_invented", "protected": True}, {"id": "88", "username": "tom_invented"}]
    base = {"created_at": "2026-10-05T10:00:00.000Z", "conversation_id": "1", "public_metrics": {"retweet_count": 4}}
    mention = {"start": 0, "end": 13, "username": "lea_invented", "id": "77"}
    reply = {"id": "2", "author_id": "88", "text": "@lea_invented oui", "entities": {"mentions": [mention]}}
    reply |= {"referenced_tweets": [{"type": "replied_to", "id": "1"}], "in_reply_to_user_id": "77", **base}
    broken = {"id": "3", "text": "sans auteur", **base}
    root = {"id": "1", "author_id": "77", "text": "bonjour", **base}
    page = {"data": [reply, broken], "includes": {"users": users, "tweets": [root]}, "meta": {"result_count": 2}}
    page["__twarc"] = {"retrieved_at": "2026-10-06T00:00:00+00:00"}
    records = read(write(tmp_path / "a.jsonl", page, {"meta": {"result_count": 0}}))
    first, second = posts(records)
    assert (first.post, first.embedded, first.visibility) == ("twitter:1", True, "protected")
    assert (second.reply_to, second.reply_to_author, second.root, second.reposts) == (
        "twitter:1",
        "twitter:77",
        "twitter:1",
        4,
    )
    assert [m.prefix for m in second.mentions] == [True]
    assert second.captured_at - datetime(2026, 10, 6, tzinfo=UTC) < timedelta(seconds=1)
    assert troubles(records) == [("line 1, tweet 3", "field 'author_id' is missing")]


def test_rtweet_tables_in_their_older_and_newer_spellings(tmp_path: Path) -> None:
    header = "status_id,user_id,created_at,text,screen_name,reply_to_status_id,reply_to_user_id,mentions_user_id"
    header += (
        ",mentions_screen_name,hashtags,is_retweet,retweet_status_id,retweet_user_id,retweet_text,retweet_created_at"
    )
    reply = 'x5,x77,2026-10-05 10:00:00,"@tom bonjour\n#a",lea,x4,x88,x88 x99,tom max,a b,FALSE,NA,NA,NA,NA'
    repost = "x6,x77,2026-10-05 11:00:00,RT @tom: oui,lea,,,x88,tom,,TRUE,x4,x88,oui #c,2026-10-05 09:00:00"
    sheet = "9.01E+17,x77,2026-10-05 11:00:00,arrondi,lea,,,,,,FALSE,,,,"
    records = read(write(tmp_path / "a.csv", header, reply, repost, sheet))
    first, original, second = posts(records)
    assert (first.post, first.reply_to, first.hashtags) == ("twitter:5", "twitter:4", ("a", "b"))
    assert [(m.account, m.prefix) for m in first.mentions] == [("twitter:88", True), ("twitter:99", False)]
    assert (original.post, original.embedded, original.author, original.hashtags) == (
        "twitter:4",
        True,
        "twitter:88",
        ("c",),
    )
    assert (second.repost_of, second.repost_of_author) == ("twitter:4", "twitter:88")
    assert troubles(records) == [("line 5", "'status_id' cannot be read")]


MAPPING = Mapping(
    platform="forum",
    post="id",
    author="who",
    created_at="at",
    text="words",
    hashtags="tags",
    mentions="to",
    reply_to="parent",
    reposts="shares",
)


def test_a_table_of_ones_own_by_mapping(tmp_path: Path) -> None:
    csv = write(
        tmp_path / "a.csv",
        "id;who;at;words;tags;to;parent;shares",
        '1;lea;2026-10-05T12:00:00+02:00;"bonjour; à tous";i4emploi #B;@tom max;;3',
        "2;tom;2026-10-05T11:00:00Z;oui;;;1;",
        "3;tom;hier;non;;;;",
        "4;tom;2026-10-05;trop;;;;;;x",
    )
    records = read(csv, mapping=MAPPING)
    first, second = posts(records)
    assert (first.post, first.author, first.text, first.reposts) == ("forum:1", "forum:lea", "bonjour; à tous", 3)
    assert first.created_at == datetime(2026, 10, 5, 10, tzinfo=UTC)
    assert ([m.account for m in first.mentions], first.hashtags) == (["forum:tom", "forum:max"], ("i4emploi", "#B"))
    assert (second.reply_to, second.reposts) == ("forum:1", None)
    assert troubles(records) == [("line 4", "'at' cannot be read"), ("line 5", "10 cells where the header has 8")]


@pytest.mark.parametrize(
    ("form", "value", "moment"),
    [
        ("unix", 1623881091, datetime(2021, 6, 16, 22, 4, 51, tzinfo=UTC)),
        ("unix_ms", "1623881091500", datetime(2021, 6, 16, 22, 4, 51, 500000, tzinfo=UTC)),
        ("%d/%m/%Y %H:%M", "16/06/2021 22:04", datetime(2021, 6, 16, 22, 4, tzinfo=UTC)),
        ("iso", "0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("unix", 0, datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_times_in_every_notation_and_nested_json(tmp_path: Path, form: str, value: object, moment: datetime) -> None:
    mapping = Mapping(post="id", author="user.name", created_at="at", time_format=form, hashtags="tags")
    row = {"id": "https://forum.test/1", "user": {"name": "lea"}, "at": value, "tags": ["a b", "c"]}
    (post,) = posts(read(write(tmp_path / "a.jsonl", row), mapping=mapping))
    assert (post.post, post.author, post.created_at, post.hashtags) == (
        "https://forum.test/1",
        "import:lea",
        moment,
        ("a b", "c"),
    )


def test_files_in_any_order_give_the_newest_counts_the_newest_capture(tmp_path: Path) -> None:
    new = write(tmp_path / "tweets-2026-10-12.jsonl", tweet(1, retweet_count=9))
    old = write(tmp_path / "tweets-2026-10-05.jsonl.gz", tweet(1, retweet_count=1), tweet(1, retweet_count=2))
    for paths in ((new, old), (old, new)):
        by_capture = sorted(posts(read(*paths)), key=lambda post: post.captured_at)
        assert [post.reposts for post in by_capture] == [1, 2, 9]
        assert len({post.captured_at for post in by_capture}) == 3


def test_files_without_a_date_are_newer_in_the_order_given(tmp_path: Path) -> None:
    first, second = write(tmp_path / "b.jsonl", tweet(1, retweet_count=5)), write(tmp_path / "a.jsonl", tweet(1))
    by_capture = sorted(posts(read(first, second)), key=lambda post: post.captured_at)
    assert [post.reposts for post in by_capture] == [5, 1]


def test_a_capture_time_given_wins(tmp_path: Path) -> None:
    path = write(tmp_path / "tweets-2026-10-12.jsonl", tweet(1))
    given = datetime(2026, 10, 20, tzinfo=UTC)
    (post,) = posts(read(path, captured_at=given))
    assert post.captured_at - given < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("tweets-2017-08-26.jsonl", datetime(2017, 8, 26, 23, 59, 59, tzinfo=UTC)),
        ("20170826T0430Z.csv.gz", datetime(2017, 8, 26, 4, 30, tzinfo=UTC)),
        ("x_2017-08-26_04-30-15.csv", datetime(2017, 8, 26, 4, 30, 15, tzinfo=UTC)),
        ("rlweek2017.csv.gz", None),
        ("901300749870739457.jsonl", None),
        ("2017-13-45.jsonl", None),
    ],
)
def test_the_date_in_a_files_name(name: str, moment: datetime | None) -> None:
    assert date_in_name(name) == moment


def test_lines_that_cannot_be_read_are_told_by_file_and_line_and_cost_no_other(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl",
        tweet(1),
        '{"id_str": "2", "user"',
        "[1, 2]",
        tweet(3, created_at="hier"),
        tweet(4, retweet_count="beaucoup"),
        "",
        {"limit": {"track": 5}},
        "[" * 100_000,
        '{"id_str": "\\ud800"}',
        tweet(2.5),
        tweet(5),
    )
    records = read(path)
    assert [post.post for post in posts(records)] == ["twitter:1", "twitter:4", "twitter:5"]
    assert troubles(records) == [
        ("line 2", "not valid JSON"),
        ("line 3", "no JSON object"),
        ("line 4", "'created_at' cannot be read"),
        ("line 7", "'user' cannot be read"),
        ("line 8", "not valid JSON"),
        ("line 9", "'user' cannot be read"),
        ("line 10", "'id' cannot be read"),
    ]
    assert all(r.source == "a.jsonl" for r in records if isinstance(r, MalformedRecord))


def v2(number: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "author_id": "7", "created_at": "2026-10-05T10:00:00Z", "text": "#i4emploi", **more}


@pytest.mark.parametrize(
    ("wrong", "left_out"),
    [
        ({"public_metrics": {"retweet_count": -1, "like_count": 2}}, "reposts: negative"),
        ({"public_metrics": {"retweet_count": "1,2 k", "like_count": 2}}, "reposts: no whole number"),
        ({"public_metrics": "none"}, "public_metrics: cannot be read"),
        ({"entities": {"hashtags": [{"tag": 7}, {"tag": "i4emploi"}]}}, "hashtags: cannot be read"),
        ({"entities": {"mentions": [{"username": "tom"}]}}, "mentions: cannot be read"),
        ({"in_reply_to_user_id": 7.5}, "reply_to_author: cannot be read"),
    ],
)
def test_a_bad_value_of_a_page_costs_itself_and_neither_its_tweet_nor_the_page(
    tmp_path: Path, wrong: dict[str, Any], left_out: str
) -> None:
    users = [
        {"id": "7", "username": "lea", "created_at": "hier", "public_metrics": {"followers_count": -3}},
        {"name": 1},
    ]
    page = {"data": [v2("1", **wrong), v2("2")], "includes": {"users": users, "tweets": [{"text": "no id"}]}}
    records = read(write(tmp_path / "a.jsonl", page))
    one, two = (sound(post) for post in posts(records))
    assert (one[1], two[1]) == ((left_out,), ())
    assert [account.created_at for account in records if isinstance(account, AccountRecord)] == [None, None]
    account = next(record for record in records if isinstance(record, AccountRecord))
    assert sound(account)[1] == ("created_at: cannot be read", "followers: negative")
    assert troubles(records) == [("line 1, tweet 1", "field 'author_id' is missing")]


@pytest.mark.parametrize("column", ["retweet_count", "followers_count", "account_created_at", "mentions_user_id"])
def test_a_bad_cell_of_rtweet_costs_itself(tmp_path: Path, column: str) -> None:
    names = ["status_id", "user_id", "created_at", "text", "screen_name", column]
    rows = [names, ["x1", "x7", "2026-10-05 10:00:00", "#i4emploi", "lea", "-1 ?"]]
    path = tmp_path / "a.csv"
    path.write_text("".join(",".join(row) + "\n" for row in rows))
    records = read(path)
    assert [post.post for post in posts(records)] == ["twitter:1"]
    assert [why.partition(": ")[2] for record in records for why in sound(record)[1]] == ["cannot be read"]


def test_a_reason_never_repeats_what_was_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", tweet(1), tweet(2, created_at="Léa Durand"), tweet(3, user="Léa Durand"))
    assert "Durand" not in str(troubles(read(path)))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.jsonl", b"", "empty.jsonl: no post could be read"),
        ("blank.csv", b"\n\n", "no post could be read"),
        ("bad.jsonl", b'{"created_at": 1, "id": 1, "user": 2}\n', "no post could be read"),
        ("list.json", b'[{"id": 1}]', "no known archive format; .*it has: id"),
        ("other.csv", b"a,b\n1,2\n", "no known archive format"),
        ("other.jsonl", b'{"a": 1}\n', "no known archive format"),
        ("cyrillic.csv", "id,who,at,мнение\n1,2,2026-10-05,привет всем\n".encode("cp1251"), "not UTF-8"),
    ],
)
def test_wrong_files_are_one_clear_line(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UsageError, match=says) as raised:
        read(path)
    assert raised.value.exit_code == ExitCode.USAGE
    assert name in raised.value.en
    assert name in raised.value.fr
    assert "\n" not in raised.value.en


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        read(tmp_path / "nowhere.jsonl")


def test_an_empty_file_among_others_is_told_and_costs_no_other(tmp_path: Path) -> None:
    empty, full = write(tmp_path / "monday.csv"), write(tmp_path / "b.csv", "id,who,at", "1,lea,2026-10-05")
    records = read(empty, full, mapping=Mapping(post="id", author="who", created_at="at"))
    assert len(posts(records)) == 1
    assert troubles(records) == [("file", "empty file")]
    with pytest.raises(UsageError, match=r"no post could be read \(monday\.csv, file: empty file\)"):
        read(empty, mapping=MAPPING)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,who,words,tags,to,parent,shares", "1,lea,x,,,,")
    with pytest.raises(UsageError, match=r"a\.csv: column 'at' is missing"):
        read(path, mapping=MAPPING)


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.csv.gz"])
@pytest.mark.parametrize("cut", [4, 200, -4])
def test_a_cut_gzip_file_is_an_error_never_a_shorter_archive(tmp_path: Path, name: str, cut: int) -> None:
    rows = [f"{n},lea,2026-10-05,mot{n * 7919},,,," for n in range(500)]
    csv = ["id,who,at,words,tags,to,parent,shares", *rows]
    path = write(tmp_path / name, *(csv if "csv" in name else [tweet(n) for n in range(500)]))
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(UsageError, match="cut or damaged after line"):
        read(path, mapping=MAPPING if "csv" in name else None)


WHOLE = json.dumps(tweet(1)).encode()


@examples(100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, len(WHOLE) - 1), junk=st.binary(max_size=8))
@example(cut=len(WHOLE) - 1, junk=b"}")
def test_a_line_cut_at_any_byte_goes_to_quarantine_and_costs_no_other(tmp_path: Path, cut: int, junk: bytes) -> None:
    path = tmp_path / "a.jsonl"
    broken = (WHOLE[:cut] + junk).replace(b"\n", b"")
    path.write_bytes(WHOLE + b"\n" + broken + b"\n" + WHOLE + b"\n")
    records = read(path)
    if is_json(broken):  # what came behind made it whole again
        assert len(posts(records)) + len(troubles(records)) == 3
        return
    assert len(posts(records)) == 2
    assert len(troubles(records)) == bool(broken.strip())


def is_json(line: bytes) -> bool:
    try:
        return bool(json.loads(line))
    except ValueError:
        return False
