"""What servers say of their limits, in every notation that was met."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from spiders.asking.limits import Limit, asked_wait, is_capped, stated_limit, told_wait

NOW = datetime(2026, 11, 22, 6, 0, 0, tzinfo=UTC)
DATE = "Sun, 22 Nov 2026 06:00:00 GMT"


def headers(reset: str, **more: str) -> dict[str, str]:
    return {"x-ratelimit-limit": "300", "x-ratelimit-remaining": "60", "x-ratelimit-reset": reset, **more}


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [
        ("2026-11-22T06:05:00.250Z", 300.25),
        ("2026-11-22T07:05:00+01:00", 300.0),
        (str(int(NOW.timestamp()) + 300), 301.0),  # a whole second may stand for any moment up to the next
        ("300", 300.0),
        (str((int(NOW.timestamp()) + 300) * 1000), 301.0),
        ("2026-11-22T05:00:00Z", None),  # it is over
        ("2026-11-23T06:00:01Z", None),  # no server counts over days
        *((wrong, None) for wrong in ("", "soon", "9" * 400, "nan", "inf", "-inf", "-5", "0", "1e300")),
    ],
)
def test_notations_of_the_reset_are_read_and_what_makes_no_sense_is_as_not_said(
    reset: str, seconds: float | None
) -> None:
    assert stated_limit(headers(reset), NOW) == Limit(300, 60, seconds)


@pytest.mark.parametrize(
    "told",
    [
        {"ratelimit-limit": "300;w=900", "ratelimit-remaining": "60", "ratelimit-reset": "300"},
        {"ratelimit-limit": "300, 300;w=900", "ratelimit-remaining": "60", "ratelimit-reset": "300"},
        {"ratelimit": '"default";r=60;t=300', "ratelimit-policy": '"default";q=300;w=900'},
        {"ratelimit": '"a";r=60;t=300, "b";r=1;t=2', "ratelimit-policy": '"a";q=300, "b";q=5'},
    ],
)
def test_a_platform_names_the_headers_and_the_drafts_are_read_too(told: dict[str, str]) -> None:
    assert stated_limit(told, NOW, "ratelimit") == Limit(300, 60, 300.0)
    assert stated_limit(told, NOW) is None


def test_the_servers_own_clock_decides() -> None:
    ahead = NOW + timedelta(hours=48)
    assert stated_limit(headers("2026-11-22T06:05:00Z", date=DATE), ahead).seconds_to_reset == 300


@pytest.mark.parametrize("wrong", ["", "many", "1e3", "nan", "9" * 5000])
def test_numbers_that_cannot_be_read_are_no_limit(wrong: str) -> None:
    assert stated_limit({**headers("300"), "x-ratelimit-limit": wrong}, NOW) is None
    assert stated_limit({**headers("300"), "x-ratelimit-remaining": wrong}, NOW) is None


def test_a_limit_of_nothing_is_none() -> None:
    assert stated_limit({**headers("300"), "x-ratelimit-limit": "0"}, NOW) is None


def test_a_share_of_the_limit_is_used() -> None:
    assert Limit(300, 60, 1).is_spent(0.8)
    assert not Limit(300, 61, 1).is_spent(0.8)
    assert Limit(300, 0, 1).is_spent(1)
    assert Limit(1, 0, 1).is_spent(0.8)
    assert not Limit(1, 1, 1).is_spent(0.8)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5", 5.0),
        ("Sun, 22 Nov 2026 06:01:30 GMT", 90.0),
        ("86399", 86_399.0),
        *((wrong, None) for wrong in ("Sun, 22 Nov 2026 05:00:00 GMT", "Sun, 22 Nov 99999 06:01:30 GMT", "later", "")),
        *(
            (wrong, None)
            for wrong in ("0", "-1", "-inf", "nan", "1e3", "86400", "9" * 400, "Mon, 22 Nov 2066 06:00:00")
        ),
    ],
)
def test_retry_after_is_a_number_or_a_date(text: str, seconds: float | None) -> None:
    assert asked_wait({"retry-after": text, "date": DATE}, NOW + timedelta(days=3)) == seconds


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        (b'{"extras": {"wait_seconds": 39, "time_left": "39 secondes"}}', 39.0),
        (b'{"extras": {"wait_seconds": -1}}', None),
        (b'{"extras": {"wait_seconds": true}}', None),
        (b'{"extras": {"wait_seconds": "39"}}', None),
        (b'{"extras": [39]}', None),
        (b"Slow down", None),
    ],
)
def test_a_wait_may_stand_in_the_body(body: bytes, seconds: float | None) -> None:
    assert told_wait(body, ("extras", "wait_seconds")) == seconds
    assert told_wait(body, ()) is None


def test_what_was_used_and_what_is_left_make_what_is_allowed() -> None:
    told = {"x-ratelimit-used": "4", "x-ratelimit-remaining": "596.0", "x-ratelimit-reset": "300"}
    assert stated_limit(told, NOW) == Limit(600, 596, 300.0)
    assert stated_limit({**told, "x-ratelimit-used": "-1.5"}, NOW) is None


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        (b'{"type": "https://api.test/2/problems/usage-capped"}', True),
        (b'{"type": "https://api.test/2/problems/rate-limit-exceeded"}', False),
        (b'{"type": ["usage-capped"]}', False),
        (b"[]", False),
        (b"usage-capped", False),
    ],
)
def test_a_cap_is_told_from_a_limit_by_its_type(body: bytes, is_one: bool) -> None:
    assert is_capped(body, ("usage-capped",)) is is_one
    assert not is_capped(body, ())
