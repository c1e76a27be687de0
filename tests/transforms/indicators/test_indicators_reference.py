"""Every value of the table, and every two-way interval, equals the plain reference's, on busy and on odd campaigns."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given

from tests.exploring import examples
from tests.reference.busy import FEW_DRAWS, busy_world
from tests.reference.campaigns import World, worlds
from tests.reference.indicators import Row, reference_values
from tests.reference.intervals import reference_intervals
from transforms.help.study import Study
from transforms.indicators import cut_study, weekly_indicators

BY_LEIDEN = {"cross_community_share", "e_i_index", "reach_communities"}
OUR_OWN = {("reach_instances", "rarefied"), ("reach_languages", "rarefied")}
"""Left out: communities, tested on graphs where they are plain; rarefaction, tested by hand."""


def _table(study: Study, platform: str | None) -> dict[str, dict[tuple[str, str], Row]]:
    found: dict[str, dict[tuple[str, str], Row]] = {}
    for row in weekly_indicators(cut_study(study), "test").to_pylist():
        stratum = row["stratum"]
        if platform is not None:
            if stratum.partition(":")[0] != platform:
                continue
            stratum = stratum.partition(":")[2] or "all"
        found.setdefault(row["iso_week"], {})[row["indicator"], stratum] = row
    return found


def _agrees(study: Study, platform: str | None = None) -> int:
    """Check all weeks; returns how many values were defined."""
    defined = 0
    for week, rows in _table(study, platform).items():
        values = {key: row["value"] for key, row in rows.items()}
        for key, ends in reference_intervals(study, week, platform).items():
            assert (rows[key]["low"], rows[key]["high"]) == pytest.approx(ends, abs=1e-9), (week, key)
        values = {key: value for key, value in values.items() if key[0] not in BY_LEIDEN and key not in OUR_OWN}
        values = {key: value for key, value in values.items() if platform is not None or ":" not in key[1]}
        values = {key: value for key, value in values.items() if not key[1].startswith("p")}
        expected = reference_values(study, week, platform)
        assert set(values) == set(expected)
        assert values == {key: pytest.approx(value, abs=1e-12) for key, value in expected.items()}, week
        defined += sum(value is not None for value in values.values())
    return defined


@pytest.mark.parametrize("seed", range(3))
def test_busy_campaigns(seed: int) -> None:
    assert _agrees(busy_world(seed).study()) > 300


@pytest.mark.parametrize("as_of", [108.5, 115])
def test_before_the_follow_up_is_over(as_of: float) -> None:
    assert _agrees(busy_world(3, as_of_days=as_of).study()) > 100


@pytest.mark.parametrize("platform", ["p0", "p1"])
def test_each_platform_is_a_stratum(platform: str) -> None:
    assert _agrees(busy_world(7, platforms=2).study(), platform) > 200


def test_several_platforms_together() -> None:
    assert _agrees(busy_world(8, platforms=2).study()) > 200


@examples(20, phases=(Phase.explicit, Phase.reuse, Phase.generate), suppress_health_check=list(HealthCheck))
@given(worlds())
def test_odd_campaigns(world: World) -> None:
    study = World(**{**vars(world), "analysis": FEW_DRAWS}).study()
    _agrees(study)


def test_order_of_rows_is_irrelevant() -> None:
    world = busy_world(2)
    turned = World(
        **{
            **vars(world),
            "posts": world.posts[::-1],
            "engagements": world.engagements[::-1],
            "labels": world.labels[::-1],
        }
    )
    assert weekly_indicators(cut_study(world.study()), "test").equals(
        weekly_indicators(cut_study(turned.study()), "test")
    )


def test_pseudonyms_are_irrelevant() -> None:
    """Another key gives other pseudonyms, and the very same table: draws go by time and order of episodes."""

    world = busy_world(2)
    names = {f"u{number:02d}": f"x{(number * 7) % 24:02d}" for number in range(24)}
    again = World(
        **{
            **vars(world),
            "posts": [_renamed(row, names) for row in world.posts],
            "engagements": [_renamed(row, names) for row in world.engagements],
            "labels": [_renamed(row, names) for row in world.labels],
            "roles": {names[name]: role for name, role in world.roles.items()},
            "uncovered": frozenset(names[name] for name in world.uncovered),
        }
    )
    columns = ["iso_week", "indicator", "stratum", "value", "low", "high", "z", "p"]
    skipped = {"reach_followers", "reach_instances"}
    one, other = (
        [
            row
            for row in weekly_indicators(cut_study(made.study()), "test").select(columns).to_pylist()
            if row["indicator"] not in skipped
        ]
        for made in (world, again)
    )
    assert one == other


def _renamed(row: dict, names: dict[str, str]) -> dict:
    return {
        key: [names.get(part, part) for part in value] if isinstance(value, list) else names.get(value, value)
        for key, value in row.items()
    }
