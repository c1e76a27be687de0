"""The one way in: what lands, what does not, and that nothing vanishes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from passerelle.campaign import Campaign, Collect
from passerelle.errors import GateError, PasserelleError
from passerelle.identity import Pseudonyms
from passerelle.lake import Lake
from passerelle.records import (
    AccountRecord,
    CoverageRecord,
    DeletionRecord,
    EngagementRecord,
    Evidence,
    MalformedRecord,
    MentionRecord,
    PollRecord,
    PostRecord,
    Record,
)
from passerelle.tables import TABLES
from pipelines.landing import Landing, Manifest
from tests.exploring import examples

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
KEY = Pseudonyms(bytes(range(32)))
HOST = "pont.test"


def account(name: str, **more: Any) -> AccountRecord:
    facts: dict[str, Any] = {"platform": "mastodon", "account": f"acct:{name}", "handle": f"@{name}"}
    return AccountRecord(**facts | {"captured_at": NOW, "source": HOST, "instance": HOST} | more)


def post(number: int, author: str, **more: Any) -> PostRecord:
    facts: dict[str, Any] = {
        "platform": "mastodon",
        "post": f"https://{HOST}/{number}",
        "author": f"acct:{author}",
        "created_at": NOW - timedelta(hours=1),
        "captured_at": NOW,
        "source": HOST,
        "text": "<p>Bonjour #i4emploi</p>",
        "text_format": "html",
        "hashtags": ("i4Emploi",),
    }
    return PostRecord(**facts | more)


def engagement(number: int, name: str) -> EngagementRecord:
    return EngagementRecord(
        platform="mastodon",
        post=f"https://{HOST}/{number}",
        account=f"acct:{name}",
        kind="repost",
        captured_at=NOW,
        source=HOST,
    )


def poll(number: int) -> PollRecord:
    facts: dict[str, Any] = {"kind": "repost", "captured_at": NOW, "source": HOST, "complete": True, "got": 1}
    return PollRecord(platform="mastodon", post=f"https://{HOST}/{number}", **facts)


def land(lake: Lake, campaign: Campaign, records: Iterable[Record], **more: Any) -> Manifest:
    with Landing(lake, "run", HOST, campaign, KEY, NOW, **more) as landing:
        landing.add_many(records)
        return landing.finish({"cursors": {"tag": "12"}})


def staged(lake: Lake, manifest: Manifest, name: str) -> list[dict[str, Any]]:
    files = manifest["tables"].get(name, {"files": []})["files"]
    tables = [pq.read_table(lake.staging / "run" / file, partitioning=None) for file in files]
    return pa.concat_tables(tables).to_pylist() if tables else []


def test_records_land_in_the_schemas_of_the_lake(lake: Lake, campaign: Campaign) -> None:
    coverage = CoverageRecord(
        platform="mastodon",
        scope="history",
        subject="acct:lea@pont.test",
        captured_at=NOW,
        source=HOST,
        complete=False,
        got=3,
        reason="limit",
    )
    deletion = DeletionRecord(platform="mastodon", post=f"https://{HOST}/9", captured_at=NOW, source=HOST)
    broken = MalformedRecord(source=HOST, where="page 3", reason="not valid JSON", captured_at=NOW)
    lea = account("lea@pont.test")
    everything = [lea, post(1, "lea@pont.test"), engagement(1, "tom@pont.test"), poll(1), deletion, coverage, broken]
    manifest = land(lake, campaign, everything)
    names = {"accounts", "handles", "post_versions", "engagements", "polls", "deletions", "coverage", "quarantine"}
    assert set(manifest["tables"]) == names
    for name in names:
        (file,) = manifest["tables"][name]["files"]
        table = pq.read_table(lake.staging / "run" / file, partitioning=None)
        assert table.schema.equals(TABLES[name].schema)
        assert table.num_rows == manifest["tables"][name]["rows"] == 1
    assert staged(lake, manifest, "coverage")[0]["subject_id"] == KEY.account("acct:lea@pont.test")
    assert json.loads((lake.staging / "run" / "state.json").read_text()) == {"cursors": {"tag": "12"}}
    assert json.loads((lake.staging / "run" / "manifest.json").read_text()) == manifest


def test_one_person_has_one_pseudonym_as_author_mention_and_reposter(lake: Lake, campaign: Campaign) -> None:
    lea = MentionRecord(account="acct:lea@pont.test", handle="@lea@pont.test")
    text = '<p><a href="https://pont.test/@lea" class="mention">@<span>lea</span></a> bonjour</p>'
    records = [post(1, "lea@pont.test"), post(2, "tom@pont.test", mentions=(lea,), text=text)]
    manifest = land(lake, campaign, [*records, engagement(2, "lea@pont.test")])
    first, second = staged(lake, manifest, "post_versions")
    (repost,) = staged(lake, manifest, "engagements")
    assert first["author_id"] == second["mentions"][0] == repost["account_id"] == second["text"].split()[0][1:]


def test_a_refused_profile_takes_its_posts_and_all_engagement_with_it(lake: Lake, campaign: Campaign) -> None:
    shy = Evidence(noindex=True)
    records: list[Record] = [
        post(1, "shy@pont.test"),
        engagement(1, "tom@pont.test"),
        poll(1),
        post(2, "tom@pont.test", repost_of=f"https://{HOST}/1", repost_of_author="acct:shy@pont.test"),
        post(3, "tom@pont.test", reply_to=f"https://{HOST}/1", reply_to_author="acct:shy@pont.test"),
        engagement(3, "shy@pont.test"),
        account("shy@pont.test", evidence=shy),  # after its posts: order within a batch does not matter
        account("tom@pont.test"),
    ]
    manifest = land(lake, campaign, records)
    assert [row["reply_to_id"] for row in staged(lake, manifest, "post_versions")] == [KEY.post(f"https://{HOST}/1")]
    assert [row["account_id"] for row in staged(lake, manifest, "accounts")] == [KEY.account("acct:tom@pont.test")]
    assert not staged(lake, manifest, "engagements")
    assert not staged(lake, manifest, "polls")
    assert manifest["counters"]["refused_by"] == {"noindex": 6}
    assert manifest["counters"]["landed"] == 2


def test_a_refusal_holds_for_later_batches_until_the_profile_says_otherwise(lake: Lake, campaign: Campaign) -> None:
    records: list[Record] = [
        account("shy@pont.test", evidence=Evidence(note="#nobot")),
        post(1, "tom@pont.test"),
        post(2, "shy@pont.test"),
        post(3, "tom@pont.test"),
        account("shy@pont.test", captured_at=NOW + timedelta(hours=1)),
        post(4, "shy@pont.test"),
    ]
    manifest = land(lake, campaign, records, batch_rows=2)
    landed = {row["post_id"] for row in staged(lake, manifest, "post_versions")}
    assert landed == {KEY.post(f"https://{HOST}/{n}") for n in (1, 3, 4)}
    assert manifest["counters"]["by_class"]["post"]["refused_by"] == {"nobot": 1}


def test_visibility_servers_and_people_who_opted_out_are_counted_by_reason(lake: Lake, campaign: Campaign) -> None:
    records = [
        post(1, "lea@pont.test", visibility="unlisted"),
        post(2, "max@sub.closed.example"),
        post(3, "out@pont.test"),
        post(4, "tom@pont.test"),
    ]
    manifest = land(lake, campaign, records, opted_out=frozenset({KEY.account("acct:out@pont.test")}))
    assert manifest["counters"]["refused_by"] == {"instance": 1, "opted_out": 1, "visibility": 1}
    assert manifest["counters"]["landed"] == 1


def test_nothing_but_pseudonyms_reaches_the_disk(lake: Lake, campaign: Campaign) -> None:
    lea = account("lea@pont.test", evidence=Evidence(note="Léa Durand, peintre à Tours, fondatrice de #i4emploi"))
    text = "<p>@lea lea@pont.test https://pont.test/@lea CV 06 12 34 56 78</p>"
    land(lake, campaign, [lea, post(1, "lea@pont.test", text=text)])
    servers = {"source", "instance"}  # the names of servers are kept on purpose
    for file in (lake.staging / "run").glob("*.parquet"):
        table = pq.read_table(file, partitioning=None)
        seen = str(table.drop_columns(list(servers & set(table.column_names))).to_pylist())
        assert not [secret for secret in ("lea", "Durand", "peintre", "pont.test", "06 12") if secret in seen]


def test_profile_evidence_becomes_flags(lake: Lake, campaign: Campaign) -> None:
    evidence = Evidence(note="<p>Compte officiel de #I4emploi</p>", bot=True)
    older = account("lea@pont.test", captured_at=NOW - timedelta(days=1), followers=5)
    manifest = land(lake, campaign, [account("lea@pont.test", evidence=evidence, followers=7), older])
    (row,) = staged(lake, manifest, "accounts")
    assert (row["organiser_profile"], row["declared_bot"], row["followers"]) == (True, True, 7)
    assert (row["first_seen_at"], row["last_seen_at"]) == (NOW - timedelta(days=1), NOW)
    assert manifest["counters"]["by_class"]["account"]["landed"] == 2


def test_a_repost_has_nothing_of_its_own(lake: Lake, campaign: Campaign) -> None:
    tom = MentionRecord(account="acct:tom@pont.test", handle="@tom@pont.test")
    repost = post(2, "lea@pont.test", repost_of="x", quote_of="y", reply_to="z", mentions=(tom,), text="RT words")
    (row,) = staged(lake, land(lake, campaign, [repost]), "post_versions")
    assert (row["text"], row["mentions"], row["quote_of_id"], row["reply_to_id"]) == ("", [], None, None)
    assert row["repost_of_id"] == KEY.post("x")


@pytest.mark.parametrize(
    ("created_at", "week"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), "1970-W01"),
        (datetime(2021, 1, 3, 23, 30, tzinfo=UTC), "2020-W53"),
        (datetime(2024, 12, 30, tzinfo=UTC), "2025-W01"),
    ],
)
def test_stated_times_are_kept_in_their_iso_week(
    lake: Lake, campaign: Campaign, created_at: datetime, week: str
) -> None:
    (row,) = staged(lake, land(lake, campaign, [post(1, "lea@pont.test", created_at=created_at)]), "post_versions")
    assert (row["created_at"], row["iso_week"]) == (created_at, week)


@pytest.mark.parametrize("created_at", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)])
def test_a_time_around_which_there_is_no_window_sets_its_post_aside(
    lake: Lake, campaign: Campaign, created_at: datetime
) -> None:
    manifest = land(lake, campaign, [post(1, "lea@pont.test", created_at=created_at), post(2, "lea@pont.test")])
    (row,) = staged(lake, manifest, "quarantine")
    assert (row["place"], row["reason"]) == (KEY.post(f"https://{HOST}/1"), "created_at: impossible time")
    assert manifest["counters"]["by_class"]["post"] | {"refused_by": {}} == {
        "fetched": 2,
        "landed": 1,
        "refused": 0,
        "quarantined": 1,
        "refused_by": {},
    }


def test_a_value_that_no_table_holds_is_null_and_counted(lake: Lake, campaign: Campaign) -> None:
    odd = post(1, "lea@pont.test", replies=10**30, quotes=-1, hashtags=("i4emploi", "a\ud800", "", "x" * 400))
    lea = account("lea@pont.test", followers=2**63, created_at=datetime(1, 1, 1, tzinfo=UTC), instance="a\ud800")
    manifest = land(lake, campaign, [lea, odd, post(2, "lea@pont.test", reposts=3)])
    one, two = staged(lake, manifest, "post_versions")
    assert (one["replies"], one["quotes"], one["hashtags"], two["reposts"]) == (None, None, ["i4emploi"], 3)
    (profile,) = staged(lake, manifest, "accounts")
    assert (profile["followers"], profile["created_at"], profile["instance"]) == (None, None, None)
    assert manifest["counters"]["left_out"] == {
        "created_at: impossible time": 1,
        "followers: too large": 1,
        "hashtags: no name": 1,
        "instance: no text": 1,
        "quotes: negative": 1,
        "replies: too large": 1,
    }


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        (
            f"https://{HOST}/api/v1/accounts/lookup?acct=lea@pont.test#12",
            "ValueError: Invalid string: 'Léa Durand <b>'",
        ),
        (f"https://{HOST}/api/v1/statuses/112233/context", "\x1b[31m@lea@pont.test \u202eécrit à lea@pont.test"),
        ("@lea@pont.test", "https://pont.test/@lea is no post"),
        ("lea/Durand.csv", "«Durand»" + "x" * 500),
    ],
)
def test_quarantine_says_where_and_why_without_anybodys_name(
    lake: Lake, campaign: Campaign, where: str, reason: str
) -> None:
    broken = MalformedRecord(source=HOST, where=where, reason=reason, captured_at=NOW)
    manifest = land(lake, campaign, [broken])
    (row,) = staged(lake, manifest, "quarantine")
    told = row["place"] + row["reason"] + json.dumps(manifest["counters"])
    assert not [clear for clear in ("lea", "Durand", "pont.test", "112233", "\x1b", "\u202e") if clear in told]
    assert len(row["reason"]) <= 120


def test_the_line_of_a_file_is_told_as_it_is(lake: Lake, campaign: Campaign) -> None:
    broken = MalformedRecord(
        source="a.csv", where="line 12, tweet 3", reason="'created_at' cannot be read", captured_at=NOW
    )
    (row,) = staged(lake, land(lake, campaign, [broken]), "quarantine")
    assert (row["place"], row["reason"]) == ("line 12, tweet 3", "'created_at' cannot be read")


@pytest.mark.parametrize(("setting", "refused"), [("history", {}), ("all", {"indexable": 2})])
def test_indexable_false_refuses_the_history_alone_unless_the_campaign_is_stricter(
    lake: Lake, campaign: Campaign, setting: str, refused: dict[str, int]
) -> None:
    stricter = campaign.model_copy(update={"collect": Collect(indexable=setting)})
    shy = account("shy@pont.test", evidence=Evidence(indexable=False))
    manifest = land(lake, stricter, [shy, post(1, "shy@pont.test"), post(2, "tom@pont.test")])
    assert manifest["counters"]["refused_by"] == refused


def test_histories_that_were_not_asked_for_are_counted_by_the_wish(lake: Lake, campaign: Campaign) -> None:
    facts: dict[str, Any] = {"platform": "mastodon", "scope": "history", "captured_at": NOW, "source": HOST, "got": 0}
    rows = [
        CoverageRecord(**facts, subject=f"acct:{n}@pont.test", complete=False, reason=reason)
        for n, reason in enumerate(("indexable", "indexable", "nobot", "unreachable"))
    ]
    counters = land(lake, campaign, rows)["counters"]
    assert counters["histories_not_asked"] == {"indexable": 2, "nobot": 1}


def test_a_version_is_its_words_counts_and_relations(lake: Lake, campaign: Campaign) -> None:
    same = post(1, "lea@pont.test", reposts=1)
    later = replace(same, captured_at=NOW + timedelta(hours=1), source="autre.test", embedded=True)
    others = [replace(same, reposts=2), replace(same, text="<p>Au revoir</p>"), replace(same, reply_to="x")]
    rows = staged(lake, land(lake, campaign, [same, later, *others]), "post_versions")
    assert rows[0]["version_id"] == rows[1]["version_id"]
    assert len({row["version_id"] for row in rows}) == 4


@pytest.mark.parametrize("text", ["\x00<p>\ud800\u202e@lea\x1b[31m</p>", "&#0;&#xD800;", "<" * 1000, "]]>" * 100, ""])
def test_hostile_texts_land_harmless(lake: Lake, campaign: Campaign, text: str) -> None:
    (row,) = staged(lake, land(lake, campaign, [post(1, "lea@pont.test", text=text)]), "post_versions")
    assert not set(row["text"]) & set("\x00\x1b\u202e")
    assert "@lea" not in row["text"]


def test_a_post_of_ten_megabytes_goes_to_quarantine_by_pseudonym(lake: Lake, campaign: Campaign) -> None:
    manifest = land(lake, campaign, [post(1, "lea@pont.test", text="x" * 10_000_000), post(2, "lea@pont.test")])
    (row,) = staged(lake, manifest, "quarantine")
    assert (row["place"], row["reason"]) == (KEY.post(f"https://{HOST}/1"), "text too long")
    assert manifest["counters"]["quarantined_by"] == {"text too long": 1}
    assert manifest["tables"]["post_versions"]["rows"] == 1


names = st.sampled_from(["lea@pont.test", "tom@pont.test", "max@closed.example"])
evidences = st.sampled_from([Evidence(), Evidence(noindex=True), Evidence(indexable=False), Evidence(note="#nobot")])
records = st.one_of(
    st.builds(lambda n, e: account(n, evidence=e), names, evidences),
    st.builds(
        lambda i, n, v, e, o: post(i, n, visibility=v, embedded=e, repost_of=o and f"https://{HOST}/{o}"),
        st.integers(1, 5),
        names,
        st.sampled_from(["public", "unlisted", "direct"]),
        st.booleans(),
        st.sampled_from([None, 1, 2]),
    ),
    st.builds(engagement, st.integers(1, 5), names),
    st.builds(poll, st.integers(1, 5)),
    st.just(MalformedRecord(source=HOST, where="page 1", reason="not valid JSON", captured_at=NOW)),
)


@examples(40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(came=st.lists(records, max_size=30), batch_rows=st.integers(1, 12))
def test_counters_always_balance(lake: Lake, campaign: Campaign, came: list[Record], batch_rows: int) -> None:
    manifest = land(lake, campaign, came, batch_rows=batch_rows)
    counters = manifest["counters"]
    assert counters["fetched"] == len(came) == counters["landed"] + counters["refused"] + counters["quarantined"]
    assert counters["refused"] == sum(counters["refused_by"].values())
    assert counters["quarantined"] == sum(counters["quarantined_by"].values())
    by_class = Counter({name: part["fetched"] for name, part in counters["by_class"].items()})
    assert by_class.total() == len(came)
    posts = counters["by_class"]
    landed = sum(posts.get(kind, {"landed": 0})["landed"] for kind in ("post", "embedded_post"))
    assert landed == len(staged(lake, manifest, "post_versions"))


def test_counters_that_do_not_balance_stop_the_run(lake: Lake, campaign: Campaign) -> None:
    landing = Landing(lake, "run", HOST, campaign, KEY, NOW)
    landing.counters.fetched["post"] += 1
    with pytest.raises(GateError, match="1 post records came but 0"):
        landing.finish({})
    assert not (lake.staging / "run" / "manifest.json").exists()


def test_an_error_leaves_no_run_behind(lake: Lake, campaign: Campaign) -> None:
    def cut() -> Iterable[Record]:
        yield post(1, "lea@pont.test")
        raise PasserelleError(en="cut", fr="coupé")

    with pytest.raises(PasserelleError):
        land(lake, campaign, cut(), batch_rows=1)
    assert not (lake.staging / "run").exists()


def test_what_a_killed_run_left_is_replaced(lake: Lake, campaign: Campaign) -> None:
    killed = Landing(lake, "run", HOST, campaign, KEY, NOW, batch_rows=1)
    killed.add(post(1, "lea@pont.test"))
    assert list((lake.staging / "run").glob("*.parquet"))
    assert not list(lake.staging.glob("*/manifest.json"))
    manifest = land(lake, campaign, [post(2, "lea@pont.test")])
    assert [row["post_id"] for row in staged(lake, manifest, "post_versions")] == [KEY.post(f"https://{HOST}/2")]


def test_a_full_disk_is_one_clear_line(lake: Lake, campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq, "write_table", full)
    with pytest.raises(PasserelleError, match="No space left on device"):
        land(lake, campaign, [post(1, "lea@pont.test")])
    assert not (lake.staging / "run").exists()


def test_landings_of_the_same_records_are_the_same_files(campaign: Campaign, tmp_path: Path) -> None:
    came = [account("lea@pont.test"), *(post(n, "lea@pont.test") for n in range(50))]
    contents = set()
    for turn in range(3):
        lake = Lake(tmp_path / str(turn))
        manifest = land(lake, campaign, came, batch_rows=20)
        files = [file for table in manifest["tables"].values() for file in table["files"]]
        contents.add(b"".join((lake.staging / "run" / file).read_bytes() for file in files))
    assert len(contents) == 1
