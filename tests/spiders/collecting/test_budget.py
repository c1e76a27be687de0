"""What is left of what a platform allows: by its own days, months and hours, over runs, in whole parts of money."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from passerelle.allowances import Allowance, Period
from passerelle.campaign import Source
from passerelle.platforms import PLATFORMS
from spiders.collecting.budget import Spending
from spiders.collecting.state import CrawlState

UNITS = Allowance(name="units", what=("units", "unités"), most=10, zone="America/Los_Angeles")
MONEY = Allowance(name="usd", what=("USD", "USD"), most=None, period="month", parts=1000)
HOURLY = Allowance(name="calls", what=("calls", "appels"), most=5, period="24h")


@pytest.fixture(autouse=True)
def _allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    row = replace(PLATFORMS["mastodon"], allowances=(UNITS, MONEY, HOURLY))
    monkeypatch.setitem(PLATFORMS, "mastodon", row)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def spending(state: CrawlState, begin: str, **budget: float) -> Spending:
    return Spending(Source(kind="mastodon", host="ville.test", budget=budget), state, at(begin))


@pytest.mark.parametrize(
    ("period", "now", "since", "until"),
    [
        ("day", "2026-11-30T07:59:00Z", "2026-11-29T08:00Z", "2026-11-30T08:00Z"),
        ("day", "2026-11-30T08:00:00Z", "2026-11-30T08:00Z", "2026-12-01T08:00Z"),
        ("day", "2026-11-01T12:00:00Z", "2026-11-01T07:00Z", "2026-11-02T08:00Z"),  # 25 hours: clocks go back
        ("day", "2026-03-08T12:00:00Z", "2026-03-08T08:00Z", "2026-03-09T07:00Z"),  # 23 hours
        ("month", "2026-12-31T12:00:00Z", "2026-12-01T08:00Z", "2027-01-01T08:00Z"),
        ("month", "2026-02-10T12:00:00Z", "2026-02-01T08:00Z", "2026-03-01T08:00Z"),
        ("24h", "2026-11-30T07:59:00Z", "2026-11-29T07:59Z", "2026-12-01T07:59Z"),
    ],
)
def test_a_period_begins_at_midnight_where_it_counts(period: Period, now: str, since: str, until: str) -> None:
    allowance = replace(UNITS, period=period)
    assert (allowance.since(at(now)), allowance.until(at(now))) == (at(since), at(until))


def test_what_one_run_spent_the_next_does_not_spend_again_before_midnight() -> None:
    state = CrawlState()
    first = spending(state, "2026-11-30T06:00:00Z")
    first.spend({"units": 7}, at("2026-11-30T06:30:00Z"))
    assert (first.affords({"units": 3}), first.affords({"units": 4})) == (True, False)
    kept = CrawlState.from_json(state.to_json())
    same_day = spending(kept, "2026-11-30T07:30:00Z")
    assert (same_day.left("units"), same_day.refused) == (3, set())
    same_day.spend({"units": 3}, at("2026-11-30T08:10:00Z"))  # midnight has passed there
    assert (same_day.left("units"), sum(kept.spent["units"].values())) == (7, 3)


def test_the_last_24_hours_go_by_hour_by_hour() -> None:
    state = CrawlState()
    spending(state, "2026-11-29T10:30:00Z").spend({"calls": 3}, at("2026-11-29T10:30:00Z"))
    later = spending(state, "2026-11-29T22:00:00Z")
    later.spend({"calls": 2}, at("2026-11-29T22:00:00Z"))
    assert later.left("calls") == 0
    assert spending(state, "2026-11-30T10:40:00Z").left("calls") == 0, "an hour counts whole"
    assert spending(state, "2026-11-30T11:00:00Z").left("calls") == 3
    assert spending(state, "2026-11-30T23:00:00Z").left("calls") == 5


def test_money_is_counted_in_parts_and_nothing_is_spent_that_nobody_allowed() -> None:
    state, now = CrawlState(), "2026-11-30T06:00:00Z"
    assert not spending(state, now).affords({"usd": 5})
    allowed = spending(state, now, usd=1.5)
    for _ in range(300):
        assert allowed.affords({"usd": 5})
        allowed.spend({"usd": 5}, at(now))
    assert not allowed.affords({"usd": 5})
    [(en, fr)] = allowed.lines("ville.test")
    told = "ville.test: 1.50 of 1.50 USD are spent; collect again after 2026-12-01T00:00+00:00, it goes on from there"
    assert (en, "1,50 sur 1,50 USD" in fr) == (told, True)


def test_where_the_server_says_that_nothing_is_left_nothing_is() -> None:
    state, now = CrawlState(), "2026-11-30T09:00:00Z"
    spending(state, now).exhaust("units", at(now))
    assert spending(state, "2026-12-01T07:00:00Z").left("units") == 0
    assert spending(state, "2026-12-01T08:00:00Z").left("units") == 10


def test_a_budget_that_the_platform_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="mastodon has no budget 'euros'; there are: units, usd, calls"):
        spending(CrawlState(), "2026-11-30T09:00:00Z", euros=3)
    with pytest.raises(ValueError, match="finite"):
        spending(CrawlState(), "2026-11-30T09:00:00Z", usd=float("inf"))
