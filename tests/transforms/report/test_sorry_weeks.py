"""A week with no data, or half of one, still gets an honest page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from lxml import html

from tests.transforms.report.conftest import (
    bridges,
    final_weeks,
    revision,
    shown,
    told_data,
    truth_of,
    week_counts,
)
from transforms.collection.recapture import Recapture
from transforms.graphs.footbridges import BridgeNetwork
from transforms.report import PUBLIC, REVISIONS, ReleaseData, groups_of, tell, told_groups
from transforms.report.chains import Chain
from transforms.report.groups import no_groups

Build = Callable[..., ReleaseData]
Row = dict[str, Any]
WEEK, BEFORE = "2026-W46", "2026-W45"


def words_of(data: ReleaseData, code: str) -> str:
    """All that is read, after checks that hold for any page."""
    page = shown(data, code)
    root = html.fromstring(page.html)
    text = " ".join(root.find(".//body").text_content().split())
    assert not {"None", "nan", "NaN", "inf", "{", "}"} & set(text.replace("(", " ").replace(")", " ").split())
    assert 1 <= len(root.xpath("//ul[@class='points']/li")) <= 3
    assert [figure.get("id") for figure in root.xpath("//figure")] == [figure.name for figure in page.figures]
    return text


def altered(data: ReleaseData, change: Callable[[Row], Row | None]) -> pa.Table:
    rows = [changed for row in data.indicators.to_pylist() if (changed := change(row)) is not None]
    return pa.Table.from_pylist(rows, schema=data.indicators.schema)


def without(data: ReleaseData, **fields: Any) -> ReleaseData:
    return replace(data, groups=no_groups(""), revisions=REVISIONS.empty_table(), **fields)


def gone(data: ReleaseData, **fields: Any) -> ReleaseData:
    """The newest week is not told."""
    weeks = {week: counts for week, counts in final_weeks().items() if week < WEEK}
    return without(data, **told_data(tell(truth_of(weeks))), provisional_week=None, **fields)


@pytest.mark.parametrize("code", ["fr", "en"])
def test_no_final_week_yet(whole: ReleaseData, code: str) -> None:
    data = without(whole, week=None, provisional_week=None, **told_data(tell(truth_of({}))))
    text = words_of(data, code)
    assert {"fr": "Pas encore de semaine définitive", "en": "No final week yet"}[code] in text
    assert text.count({"fr": "Pas d’image", "en": "No picture"}[code]) == len(shown(data, code).figures)


@pytest.mark.parametrize("code", ["fr", "en"])
def test_the_week_is_not_in_the_table(whole: ReleaseData, code: str) -> None:
    text = words_of(gone(whole), code)
    assert {"fr": "Aucune donnée pour la semaine 46", "en": "No data for week 46"}[code] in text
    assert {"fr": "aucune donnée", "en": "no data"}[code] in text


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (None, {"fr": "définitifs publiés auparavant restent", "en": "published before are unchanged"}),
        (revision("calls", 4, 9, published_status="provisional"), {"fr": "restent inchangés", "en": "are unchanged"}),
        (revision("cascade_size", 2, 3), {"fr": "voir les révisions", "en": "see the revisions"}),
    ],
)
@pytest.mark.parametrize("code", ["fr", "en"])
def test_a_week_without_figures_says_whether_final_ones_changed(
    whole: ReleaseData, row: Row | None, said: dict[str, str], code: str
) -> None:
    revised = pa.Table.from_pylist([row] if row else [], schema=REVISIONS)
    data = replace(gone(whole), revisions=revised)
    assert said[code] in " ".join(shown(data, code).points)


def quiet(counts: dict[Chain, dict[str, int]], number: int = 0) -> dict[Chain, dict[str, int]]:
    """Every cell the same small number."""
    return {chain: dict.fromkeys(cells, number) for chain, cells in counts.items()}


def test_a_quiet_week_is_told_from_a_missing_one(whole: ReleaseData) -> None:
    data = without(whole, **told_data(tell(truth_of({WEEK: quiet(week_counts(1))}))))
    assert shown(data, "en").title == "No call for help found in week\u00a046"
    assert "Aucun chiffre cette semaine" in words_of(data, "fr")


@pytest.mark.parametrize("code", ["fr", "en"])
def test_too_few_shows_no_share_and_says_so(whole: ReleaseData, code: str) -> None:
    """A few people: counts are told, and nothing that needs twenty."""
    weeks = {WEEK: week_counts(1, size=7, calls=9) | quiet_silent()}
    data = without(whole, **told_data(tell(truth_of(weeks))), provisional_week=None)
    text = words_of(data, code)
    assert {"fr": "Trop peu de mobilisateurs", "en": "Too few mobilisers"}[code] in text
    assert text.count({"fr": "trop peu : moins de 20 cas", "en": "too few: under 20 cases"}[code]) == 3
    tables = shown(data, "en").tables
    assert tables["first_response"].num_rows == 0
    assert tables["yield"].filter(pa.compute.is_valid(tables["yield"]["value"])).num_rows == 0


def quiet_silent() -> dict[Chain, dict[str, int]]:
    return quiet({chain: cells for chain, cells in week_counts(1).items() if chain.population == "silent"}, 1)


def test_a_week_of_too_few_is_told_over_eight(whole: ReleaseData) -> None:
    weeks = dict(final_weeks())
    weeks |= {week: week_counts(seed, size=14, calls=10) for seed, week in enumerate(sorted(weeks)[-16:])}
    data = without(whole, **told_data(tell(truth_of(weeks))))
    assert shown(data, "en").title.startswith("Over eight weeks, weak ties account for ")
    assert "against the eight weeks before" in words_of(data, "en")
    assert "Huit semaines jusqu’à la semaine 46, comparées aux huit précédentes" in words_of(data, "fr")
    assert words_of(data, "fr").count("huit semaines jusqu’à la semaine 46") >= 4


def test_small_classes_are_told_rounded_and_the_page_says_how(whole: ReleaseData) -> None:
    assert "0 ne veut pas dire personne" in words_of(whole, "fr")
    assert "0 does not mean nobody" in words_of(whole, "en")
    exact = replace(whole, is_public=False)
    assert "0 does not mean nobody" not in words_of(exact, "en")
    assert "not to be passed on" in words_of(exact, "en")


@pytest.mark.parametrize(
    ("fields", "french"),
    [
        ({"missing_sources": ("exemple.invalid",)}, "source absente cette fois : exemple.invalid"),
        ({"checks_failed": 2}, "2 contrôles de qualité en échec"),
        ({"missing_sources": ("a.invalid",), "checks_failed": 1}, "a.invalid ; 1 contrôle de qualité en échec"),
    ],
)
def test_half_a_week_says_so_at_the_top(whole: ReleaseData, fields: dict[str, Any], french: str) -> None:
    text = words_of(replace(whole, quality=replace(whole.quality, **fields)), "fr")
    assert text.index(french) < text.index("Points-clés")
    assert "Définitive, partielle" in text


def seen(total: float | None, reason: Any = None, lists: int = 2) -> Recapture:
    ends = (None, None) if total is None else (total - 40, total + 80)
    return Recapture(lists, 900, total, *ends, reason=reason)


@pytest.mark.parametrize(
    ("found", "english", "french"),
    [
        ((("mastodon", seen(1000)),), "Share of posts seen at most 90% (83% to 94%), by 2 servers",
         "Part vue des publications au plus 90 % (83 à 94 %), d'après 2 serveurs"),
        ((("mastodon", seen(None, "one_list", 1)),), "Share of posts seen not known: one server was asked",
         "Part vue des publications inconnue : un seul serveur interrogé"),
        ((("bluesky", seen(None, "one_index")), ("mastodon", seen(None, "little_overlap"))),
         "Share of posts seen (bluesky) not known: these sources cannot check each other",
         "Part vue des publications (mastodon) inconnue : trop peu de publications vues sur deux serveurs"),
    ],
)  # fmt: skip
def test_how_much_was_seen_is_said_or_why_that_is_not_known(
    whole: ReleaseData, found: Any, english: str, french: str
) -> None:
    data = replace(whole, quality=replace(whole.quality, seen=found))
    assert _plain(english) in _plain(words_of(data, "en"))
    assert _plain(french) in _plain(words_of(data, "fr"))


def test_platforms_are_never_silently_taken_together(whole: ReleaseData) -> None:
    one = (("mastodon", seen(1000)),)
    for platforms, are_told in ((one, False), ((("bluesky", seen(None, "one_index")), *one), True)):
        data = replace(whole, quality=replace(whole.quality, seen=platforms))
        assert (_plain("restricted edition) bluesky, mastodon") in _plain(words_of(data, "en"))) is are_told
        assert (_plain("édition restreinte) bluesky, mastodon") in _plain(words_of(data, "fr"))) is are_told


def _plain(text: str) -> str:
    """Without spaces of any kind: on the page a label and its value are two cells."""
    return "".join(text.split()).replace("’", "'")


def test_the_first_week_of_all_has_nothing_to_be_compared_with(whole: ReleaseData) -> None:
    data = replace(whole, **told_data(tell(truth_of({WEEK: final_weeks()[WEEK]}))))
    assert "no earlier week to compare with" in shown(data, "en").title
    text = words_of(data, "en")
    assert text.count("nothing to compare with") == 4
    assert not [word for word in (" up", " down", "inconclusive") if word in shown(data, "en").points[0]]


def test_a_gap_before_the_week_is_not_bridged(whole: ReleaseData) -> None:
    weeks = {week: counts for week, counts in final_weeks().items() if week != BEFORE}
    data = replace(whole, **told_data(tell(truth_of(weeks))))
    assert "no earlier week" in shown(data, "en").title
    weeks = shown(data, "en").tables["tie_mix"]
    missing = weeks.filter(pa.compute.equal(weeks["iso_week"], BEFORE))
    assert set(missing["status"].to_pylist()) == {"missing"}


@pytest.mark.parametrize(
    ("now", "word"),
    [((0.7, 0.62, 0.78), "up on the week before"), ((0.2, 0.12, 0.28), "down on the week before"),
     ((0.45, 0.449, 0.451), "a stable share"), ((0.5, 0.3, 0.7), "change inconclusive")],
)  # fmt: skip
def test_the_title_says_only_what_the_intervals_allow(
    whole: ReleaseData, now: tuple[float, float, float], word: str
) -> None:
    ends = {WEEK: now, BEFORE: (0.45, 0.449, 0.451) if now[0] == 0.45 else (0.45, 0.37, 0.53)}

    def told(row: Row) -> Row:
        is_share = row["indicator"] == "weak_tie_share_of_classified" and row["iso_week"] in ends
        return row | (dict(zip(("value", "low", "high"), ends[row["iso_week"]], strict=True)) if is_share else {})

    assert shown(replace(whole, indicators=altered(whole, told)), "en").title.endswith(word)


def test_groups_and_links_of_fewer_than_five_are_not_drawn(whole: ReleaseData) -> None:
    communities = pa.table({"community": [1, 2, 3], "num_people": [30, 12, 4]})
    help_ = pa.table(
        {
            "source": [1, 2, 1, 3],
            "target": [2, 1, 2, 1],
            "tie_class": ["weak", "moderately_weak", "strong", "new"],
            "num_mobilisations": [3, 4, 4, 40],
        }
    )
    span = "2026-W39/2026-W46"
    data = replace(whole, groups=told_groups(BridgeNetwork(communities, help_, 2), span, PUBLIC))
    assert shown(data, "en").tables["bridges"].to_pylist() == [
        {"group_1": 1, "group_2": 2, "tie": "weak", "num_mobilisations": 5, "weeks": span}
    ]
    root = html.fromstring(shown(data, "en").html)
    circles = root.xpath("//figure[@id='bridges']//svg//text/text()")
    assert circles == ["A", "30", "B", "10"]
    assert "Smaller groups and lines are not shown" in root.text_content()


@pytest.mark.parametrize(
    ("share", "french"),
    [(0.0, "aucun n’avait de lien fort"), (0.01, "1 avait un lien fort"), (0.16, "16 avaient un lien fort")],
)
def test_the_reading_of_the_tie_mix_counts_as_grammar_asks(whole: ReleaseData, share: float, french: str) -> None:
    def strong(row: Row) -> Row:
        is_strong = row["iso_week"] == WEEK and row["stratum"] == "strong" and row["indicator"] == "tie_mix"
        return row | ({"value": share} if is_strong else {})

    assert french in words_of(replace(whole, indicators=altered(whole, strong)), "fr")


def test_groups_are_read_back_as_they_were_published_though_there_are_none() -> None:
    for shown_groups in (no_groups("2026-W39/2026-W46"), told_groups(bridges(), "2026-W39/2026-W46", PUBLIC)):
        tables = shown_groups.tables()
        again = groups_of(tables["groups"], tables["bridges"])
        assert (again.weeks, again.has_more) == (shown_groups.weeks, shown_groups.has_more)
        assert again.people.equals(shown_groups.people)
        assert again.links.equals(shown_groups.links)
