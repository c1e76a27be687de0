"""The table as a whole: names, status, platforms, intervals, and what a revision changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa

from passerelle.campaign import Analysis
from passerelle.tables import WEEKLY_INDICATORS
from tests.reference.busy import busy_world
from tests.reference.campaigns import World, call, days, engagement, post, repost
from transforms.indicators import compare_releases, cut_study, weekly_indicators
from transforms.indicators.catalogue import CATALOGUE

WEEK = "2026-W24"
FEW = Analysis(bootstrap_draws=200, null_draws=99)


def _calls(number: int, mobilisers: int, platform: str = "import") -> World:
    """`number` calls on one day, each relayed by `mobilisers` people of their own."""
    posts, labels = [], []
    for n in range(number):
        made = post(f"c{n}", f"b{n}", days(100 + n / 100), tag=True, platform=platform)
        posts.append(made)
        labels.append(call(made))
        posts += [repost(f"r{n}.{m}", f"u{n}.{m}", days(100.5 + m), made, platform=platform) for m in range(mobilisers)]
    return World(posts=posts, labels=labels, as_of=days(150), analysis=FEW)


def _status(world: World, indicator: str, stratum: str = "all") -> str:
    return _row(world, indicator, stratum)["status"]


def _row(world: World, indicator: str, stratum: str = "all") -> dict[str, Any]:
    return _find(weekly_indicators(cut_study(world.study()), "test", [WEEK]), indicator, stratum)


def _find(table: pa.Table, indicator: str, stratum: str = "all") -> dict[str, Any]:
    [row] = [row for row in table.to_pylist() if (row["indicator"], row["stratum"]) == (indicator, stratum)]
    return row


def test_all_names_and_no_other() -> None:
    table = weekly_indicators(cut_study(busy_world(1).study()), "test")
    assert table.schema.equals(WEEKLY_INDICATORS.schema)
    assert set(table["indicator"].to_pylist()) == CATALOGUE.keys()
    keys = [tuple(row[name] for name in WEEKLY_INDICATORS.key) for row in table.to_pylist()]
    assert keys == sorted(set(keys))


def test_weeks_do_not_depend_on_one_another() -> None:
    study = busy_world(1).study()
    table = weekly_indicators(cut_study(study), "test")
    week = table["iso_week"][table.num_rows // 2].as_py()
    alone = weekly_indicators(cut_study(study), "test", [week])
    assert alone.to_pylist() == [row for row in table.to_pylist() if row["iso_week"] == week]


def test_nothing_at_all_is_an_empty_table() -> None:
    table = weekly_indicators(cut_study(World(analysis=FEW).study()), "test")
    assert (table.num_rows, table.schema) == (0, WEEKLY_INDICATORS.schema)


def test_a_week_without_calls_has_zero_counts_and_null_shares() -> None:
    world = World(posts=[post("p", "a", days(100), tag=True)], analysis=FEW)
    assert _row(world, "episodes")["value"] == 0
    assert _row(world, "actors")["value"] == 1
    for name in ("response_rate", "weak_tie_share_of_classified", "gini", "median_hours_to_first", "cascade_size"):
        row = _row(world, name)
        assert (row["value"], row["low"], row["p"], row["status"]) == (None, None, None, "undefined")


def test_suppressed_under_ten_episodes_or_twenty_mobilisers() -> None:
    assert _status(_calls(10, 2), "response_rate") == "final"
    assert _status(_calls(9, 3), "response_rate") == "suppressed"
    assert _status(_calls(10, 1), "response_rate") == "suppressed"
    assert _status(_calls(10, 1), "mobilisers") == "final"
    assert _row(_calls(9, 3), "response_rate")["value"] == 1


def test_provisional_until_the_last_episode_has_had_its_follow_up() -> None:
    world = _calls(10, 2)
    last = days(100 + 9 / 100 + 7)
    assert _status(replace(world, as_of=last), "response_rate") == "final"
    assert _status(replace(world, as_of=days(107.08)), "response_rate") == "provisional"
    assert _status(replace(world, as_of=days(102)), "episodes") == "provisional"


def test_platforms_are_strata_of_their_own() -> None:
    both = World(
        posts=[*_calls(3, 2, "one").posts, *_renamed(_calls(2, 4, "two").posts)],
        labels=[*_calls(3, 2).labels, *_renamed(_calls(2, 4).labels)],
        as_of=days(150),
        analysis=FEW,
    )
    assert [_row(both, "episodes", stratum)["value"] for stratum in ("all", "one", "two")] == [5, 3, 2]
    assert [_row(both, "ties", stratum)["value"] for stratum in ("new", "one:new", "two:new")] == [14, 6, 8]
    alone = weekly_indicators(cut_study(_calls(3, 2, "one").study()), "test", [WEEK])["stratum"].to_pylist()
    assert not any(stratum.startswith("one") for stratum in alone)


def _renamed(rows: Any) -> list[dict[str, Any]]:
    names = ("post_id", "author_id", "repost_of_id", "repost_of_author_id")
    return [row | {name: f"z{row[name]}" for name in names if row.get(name)} for row in rows]


def test_values_lie_in_their_intervals() -> None:
    rows = [
        row for seed in range(3) for row in weekly_indicators(cut_study(busy_world(seed).study()), "test").to_pylist()
    ]
    known = [row for row in rows if row["value"] is not None and row["low"] is not None]
    shares = [row for row in known if "share" in row["indicator"] or row["indicator"] in ("tie_mix", "yield", "gini")]
    assert len(shares) > 100
    assert all(row["low"] - 1e-9 <= row["value"] for row in shares)
    assert all(row["high"] is None or row["value"] <= row["high"] + 1e-9 for row in shares)


def test_help_from_tied_people_stands_out_from_the_null_model() -> None:
    """Each call is answered by its own three friends, who all had one contact: chance would give few of them."""
    world = _calls(10, 3)
    met = [post(f"h{n}.{m}", f"u{n}.{m}", days(90), mentions=[f"b{n}"]) for n in range(10) for m in range(3)]
    row = _row(replace(world, posts=[*met, *world.posts]), "weak_tie_share_of_classified")
    assert row["value"] == 1
    assert row["z"] > 5
    assert row["p"] == 1 / 100


def test_z_is_null_when_all_are_strangers() -> None:
    row = _row(_calls(10, 3), "weak_tie_share_of_classified")
    assert (row["value"], row["z"], row["p"]) == (0, None, 1)
    assert _row(_calls(10, 3), "weak_tie_share_of_observed")["status"] == "undefined"


def test_a_late_answer_is_a_revision() -> None:
    world = _calls(10, 2)
    late = repost("late", "somebody", days(101), {"post_id": "c0", "author_id": "b0"})
    old = weekly_indicators(cut_study(replace(world, as_of=days(107.05)).study()), "test", [WEEK])
    new = weekly_indicators(cut_study(replace(world, posts=[*world.posts, late]).study()), "test", [WEEK])
    changed = compare_releases(old, new)
    assert compare_releases(old, old).num_rows == 0
    row = _find(changed, "mobilisers")
    assert (row["published"], row["now"], row["difference"]) == (20, 21, 1)
    assert (row["published_status"], row["now_status"]) == ("provisional", "final")


def test_an_indicator_that_is_no_more_is_no_revision() -> None:
    """A release of an earlier version of the program names what the catalogue does not: that is no error either."""
    table = weekly_indicators(cut_study(_calls(10, 2).study()), "test", [WEEK])
    gone = table.slice(0, 1).to_pylist()[0] | {"indicator": "calls_of_old"}
    old = pa.concat_tables([table, pa.Table.from_pylist([gone], schema=table.schema)])
    assert compare_releases(old, table).num_rows == 0


def test_a_figure_over_eight_weeks_is_revised_like_any_other() -> None:
    table = weekly_indicators(cut_study(_calls(10, 2).study()), "test", [WEEK])
    row = table.slice(0, 1).to_pylist()[0] | {"indicator": "response_rate_8w", "status": "final"}
    old, new = (pa.Table.from_pylist([row | {"value": value}], schema=table.schema) for value in (0.5, 0.75))
    assert compare_releases(old, new)["difference"].to_pylist() == [0.25]


def test_only_weeks_that_were_published_are_revised() -> None:
    world = _calls(10, 2)
    table = weekly_indicators(cut_study(world.study()), "test", [WEEK])
    both = weekly_indicators(cut_study(world.study()), "test", [WEEK, "2026-W25"])
    assert compare_releases(table, both).num_rows == 0


def test_uncertain_times_bound_what_depends_on_them() -> None:
    """One repost, seen 30 h after the call by a poll; the poll 2 h after the call had not seen it."""
    made = post("c", "b", days(100), tag=True)
    seen = engagement(made, "u", days(101.25), not_before=days(100 + 2 / 24))
    world = World(posts=[made], engagements=[seen], labels=[call(made)], as_of=days(150), analysis=FEW)
    ends = [cut_study(world.study(end)) for end in ("latest", "earliest")]
    latest, earliest = (weekly_indicators(end, "test", [WEEK]) for end in ends)
    assert [_find(end, "median_hours_to_first")["value"] for end in (latest, earliest)] == [30, 2]
    assert [_find(end, "share_24h")["value"] for end in (latest, earliest)] == [0, 1]
    assert [_find(end, "mobilisers")["value"] for end in (latest, earliest)] == [1, 1]
    widened = weekly_indicators(ends[0], "test", [WEEK], earliest=ends[1])
    assert _find(widened, "median_hours_to_first")["value"] == 30
    assert (_find(latest, "median_hours_to_first")["low"], _find(widened, "median_hours_to_first")["low"]) == (
        None,
        None,
    )
    share = _find(widened, "share_24h")
    assert (share["value"], share["low"], share["high"]) == (0, 0, 1)
