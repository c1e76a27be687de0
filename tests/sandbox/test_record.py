"""The recording's timetable and bounds."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise

from tests.sandbox.parameters import Parameters
from tests.sandbox.record import (
    MAX_BYTES,
    MAX_ENGAGEMENT,
    MAX_RUNS,
    MAX_TIMELINES,
    clocks,
    kinds,
    within_bounds,
)


def test_timetable_covers_the_campaign_and_ends_on_a_monday_morning() -> None:
    parameters = Parameters()
    moments = list(clocks(parameters.start, parameters.as_of))
    gaps = {after - before for before, after in pairwise(moments)}
    assert gaps <= {timedelta(days=3), timedelta(days=4)}
    assert moments[-1] == parameters.as_of
    assert parameters.as_of.isoformat() == "2026-08-03T04:00:00+00:00"
    assert moments[0] - parameters.start < timedelta(days=8)


def test_requests_are_told_apart() -> None:
    log = [
        ("/api/v1/timelines/tag/x?limit=40", 200),
        ("/api/v1/accounts/1/statuses?max_id=3", 200),
        ("/api/v1/statuses/1/reblogged_by", 200),
        ("/api/v1/statuses/1/context", 404),
        ("/api/v1/statuses/1", 200),
        ("/robots.txt", 200),
    ]
    assert kinds(log) == Counter(timelines=2, engagement=3, other=1)


def test_too_large_a_vault_does_not_ship() -> None:
    fits = Counter(timelines=MAX_TIMELINES, engagement=MAX_ENGAGEMENT)
    assert within_bounds(MAX_RUNS, fits, MAX_BYTES)
    assert not within_bounds(MAX_RUNS + 1, fits, MAX_BYTES)
    assert not within_bounds(MAX_RUNS, fits + Counter(timelines=1), MAX_BYTES)
    assert not within_bounds(MAX_RUNS, fits + Counter(engagement=1), MAX_BYTES)
    assert not within_bounds(MAX_RUNS, fits, MAX_BYTES + 1)
