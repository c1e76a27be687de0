"""One line says what became of a run, in both languages, and it is what the table says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from flows.clean import clean
from flows.run_lines import run_line
from flows.run_rows import facts
from passerelle.campaign import Campaign
from passerelle.identity import Pseudonyms
from passerelle.lake import Lake
from passerelle.records import AccountRecord, CoverageRecord, Evidence, MalformedRecord, PostRecord, Record
from pipelines.landing import Landing
from tests.spiders.crawling import CLOCK, HOST

CAMPAIGN = Campaign(
    name="essai",
    hashtags=("i4emploi",),
    purpose="Trying the counters",
    legal_basis="none needed",
    retention_days=30,
    contact="essai@example.test",
)
POST = PostRecord(
    platform="mastodon",
    post=f"https://{HOST}/1",
    author=f"acct:anne@{HOST}",
    created_at=CLOCK,
    captured_at=CLOCK,
    source=HOST,
    text="<p>Bonjour</p>",
    text_format="html",
)


def came() -> list[Record]:
    shy = AccountRecord(
        platform="mastodon",
        account=f"acct:shy@{HOST}",
        handle=f"@shy@{HOST}",
        captured_at=CLOCK,
        source=HOST,
        evidence=Evidence(noindex=True),
    )
    future = replace(POST, post=f"https://{HOST}/4", created_at=CLOCK.replace(year=2030))
    return [
        shy,
        *(replace(POST, post=f"https://{HOST}/p/{n}", replies=10**30 if n == 0 else n) for n in range(100)),
        replace(POST, post=f"https://{HOST}/2", author=shy.account),
        replace(POST, post=f"https://{HOST}/3", visibility="unlisted", embedded=True),
        future,
        replace(future, replies=3),
        *[MalformedRecord(source=HOST, where="page 1", reason="post without id", captured_at=CLOCK)] * 19,
        CoverageRecord(
            platform="mastodon",
            scope="history",
            subject=shy.account,
            captured_at=CLOCK,
            source=HOST,
            complete=False,
            got=0,
            reason="noindex",
        ),
    ]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    with Landing(lake, "run", HOST, CAMPAIGN, Pseudonyms(bytes(range(32))), CLOCK) as landing:
        landing.add_many(came())
        landing.finish({})
    return lake


def test_the_line_the_table_and_the_quarantine_agree(lake: Lake) -> None:
    [told] = clean(lake).rows
    [row] = lake.read("runs").to_pylist()
    assert facts(told) == facts(row)
    assert lake.read("quarantine").num_rows == row["quarantined"] == 21
    assert run_line(row, "en") == (
        "100 new posts, 0 updated, 0 known, 21 quarantined (post without id 19, dated after its capture 2), "
        "2 refused (noindex 1, not public 1); 1 value left out (replies: too large 1); "
        "1 history not asked for (noindex 1)"
    )
    assert run_line(row, "fr") == (
        "100 nouvelles publications, 0 mise à jour, 0 connue, 21 écartées (publication sans identifiant 19, "
        "datées d'après leur capture 2), 2 refusées (noindex 1, non publiques 1) ; "
        "1 valeur laissée de côté (replies : trop grand 1) ; 1 historique non demandé (noindex 1)"
    )


def test_plurals_and_thousands_are_those_of_each_language(lake: Lake) -> None:
    row = clean(lake).rows[0] | {"accepted": 0, "updated": 1, "duplicate": 1200, "quarantined": 1, "refused": 1_234_567}
    assert run_line(row, "en").startswith("0 new posts, 1 updated, 1,200 known, 1 quarantined (")
    assert run_line(row | {"accepted": 1}, "en").startswith("1 new post, ")
    french = run_line(row, "fr")
    assert french.startswith("0 nouvelle publication, 1 mise à jour, 1\u202f200 connues, 1 écartée (")
    assert "1\u202f234\u202f567 refusées" in french


def test_rows_of_quarantine_that_share_place_and_reason_are_as_many_rows(lake: Lake) -> None:
    clean(lake)
    places = [row["place"] for row in lake.read("quarantine").to_pylist() if row["stage"] == "landing"]
    assert len(set(places)) == len(places) == 19
    assert {"page 1", "page 1 (2)", "page 1 (19)"} <= set(places)


def test_a_second_clean_of_the_same_run_changes_nothing(lake: Lake, tmp_path: Path) -> None:
    clean(lake)
    before = [lake.read(name).num_rows for name in ("quarantine", "runs", "posts")]
    with Landing(lake, "run", HOST, CAMPAIGN, Pseudonyms(bytes(range(32))), CLOCK) as landing:
        landing.add_many(came())
        landing.finish({})
    clean(lake)
    assert [lake.read(name).num_rows for name in ("quarantine", "runs", "posts")] == before
