"""A hashtag read from several lists, or in several stretches, has one row of coverage: what all of it covers."""

from __future__ import annotations

from datetime import datetime, timedelta

from passerelle.records import CoverageRecord
from spiders.collecting.hashtags import _of_list, _together
from tests.spiders.crawling import CLOCK


def part(got: int, since: int | None, until: int = 0, reason: str | None = None) -> CoverageRecord:
    """What a stretch brought: days before the clock from which and to which it is known."""

    def days(number: int | None) -> datetime | None:
        return None if number is None else CLOCK - timedelta(days=number)

    return CoverageRecord(
        platform="invented",
        scope="timeline",
        subject="i4emploi",
        captured_at=CLOCK,
        source="ville.test",
        complete=reason is None,
        got=got,
        covered_from=days(since),
        covered_until=None if since is None else days(until),
        reason=reason,
    )


def test_of_two_lists_only_what_both_cover_is_known() -> None:
    assert _together([part(4, 30), part(2, 10)]) == part(6, 10)


def test_a_list_that_was_cut_makes_the_hashtag_incomplete_whichever_it_is() -> None:
    whole, cut = part(4, 30), part(2, 10, reason="limit")
    assert _together([whole, cut]) == _together([cut, whole]) == part(6, 10, reason="limit")


def test_where_nothing_is_known_of_a_list_nothing_is_of_the_hashtag() -> None:
    assert _together([part(4, 30), part(0, None, reason="malformed")]) == part(4, None, reason="malformed")


def test_holes_that_were_filled_lead_further_back() -> None:
    assert _of_list([part(3, 2), part(5, 9, 2)]) == part(8, 9)


def test_a_hole_that_stays_is_said_and_its_time_not_claimed() -> None:
    assert _of_list([part(3, 2), part(1, 5, 2, reason="unreachable")]) == part(4, 2, reason="unreachable")
