"""ISO weeks where calendars are awkward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.errors import UsageError
from passerelle.tables import TIME
from passerelle.weeks import iso_week, iso_weeks, week_after, week_bounds, week_range

PARIS = "Europe/Paris"


@pytest.mark.parametrize(
    ("moment", "zone", "week"),
    [
        (datetime(2021, 1, 3, 12, tzinfo=UTC), "UTC", "2020-W53"),
        (datetime(2024, 12, 30, 12, tzinfo=UTC), "UTC", "2025-W01"),
        (datetime(2026, 12, 31, 12, tzinfo=UTC), "UTC", "2026-W53"),
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), PARIS, "2026-W48"),  # Sunday night in UTC, Monday in Paris
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "UTC", "2026-W47"),
        (datetime(1, 1, 1, tzinfo=UTC), "UTC", "0001-W01"),
    ],
)
def test_a_moment_has_the_week_of_its_zone(moment: datetime, zone: str, week: str) -> None:
    assert iso_week(moment, zone) == week


@given(st.datetimes(min_value=datetime(1700, 1, 1), max_value=datetime(2200, 1, 1)), st.sampled_from(["UTC", PARIS]))  # noqa: DTZ001
def test_a_column_agrees_with_one_moment(moment: datetime, zone: str) -> None:
    aware = moment.replace(tzinfo=UTC)
    assert iso_weeks(pa.array([aware, None], TIME), zone).to_pylist() == [iso_week(aware, zone), None]


def test_a_column_takes_the_first_year() -> None:
    assert iso_weeks(pa.array([datetime(1, 1, 1, tzinfo=UTC)], TIME)).to_pylist() == ["0001-W01"]


@pytest.mark.parametrize(("week", "hours"), [("2026-W13", 167), ("2026-W43", 169), ("2026-W47", 168)])
def test_weeks_of_a_clock_change_have_an_hour_less_or_more(week: str, hours: int) -> None:
    first, after = week_bounds(week, PARIS)
    assert after - first == timedelta(hours=hours)
    assert iso_week(first, PARIS) == week
    assert iso_week(after, PARIS) == week_after(week)


def test_a_span_has_both_its_ends_over_new_year() -> None:
    assert list(week_range("2026-W52/2027-W01")) == ["2026-W52", "2026-W53", "2027-W01"]
    assert list(week_range("2026-W47")) == ["2026-W47"]


@pytest.mark.parametrize("span", ["2026-47", "2025-W53", "2026-W10/2026-W09", "../etc"])
def test_what_is_no_week_is_refused_in_both_languages(span: str) -> None:
    with pytest.raises(UsageError) as caught:
        list(week_range(span))
    assert "2026-W4" in caught.value.en
    assert "2026-W4" in caught.value.fr
