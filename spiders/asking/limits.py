"""What a server's headers say of its limits, in the notations seen in the wild."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from spiders.asking.bodies import parsed

_LONGEST_STATED = 86_400.0  # no server counts over days: what says so is broken, and must not hold us for ever
_LONGEST_DELTA = 1_000_000  # a smaller number of seconds is a delay, a larger one a unix time
_MILLISECONDS = 100_000_000_000  # a larger unix time counts these


@dataclass(frozen=True, slots=True)
class Limit:
    """`remaining` of `allowed` requests are left for the next `seconds_to_reset` (None: it does not say how long)."""

    allowed: int
    remaining: int
    seconds_to_reset: float | None

    def is_spent(self, share: float) -> bool:
        """Whether `share` of what is allowed has been used."""
        return self.allowed - self.remaining >= max(1, int(self.allowed * share))


def stated_limit(headers: Mapping[str, str], captured_at: datetime, named: str = "x-ratelimit") -> Limit | None:
    """The limit that `headers` (lower-case names) state, whose names begin with `named`; None where none makes sense.

    In three of them (``…-limit`` or ``…-used``, ``…-remaining``, ``…-reset``: a moment, unix time or seconds to
    go), or as the IETF's later drafts have it, in two: ``RateLimit: "name";r=50;t=30`` and ``RateLimit-Policy:
    "name";q=100``.
    """
    told = {**_structured(headers.get(named, ""), headers.get(f"{named}-policy", "")), **_parts(headers, named)}
    try:
        remaining = _count(told["remaining"])
        allowed = _count(told["limit"]) if "limit" in told else remaining + _count(told["used"])
        reset = told["reset"]
    except (KeyError, ValueError):
        return None
    try:
        wait = _sensible(_seconds_until(reset, _server_now(headers, captured_at)))
    except (ValueError, OverflowError):
        wait = None
    return Limit(allowed, remaining, wait) if allowed > 0 else None


def _parts(headers: Mapping[str, str], named: str) -> dict[str, str]:
    """What each part's header says, without its parameters (``100;w=60``)."""
    names = {part: f"{named}-{part}" for part in ("limit", "used", "remaining", "reset")}
    return {part: re.split("[;,]", headers[name])[0].strip() for part, name in names.items() if name in headers}


def _count(text: str) -> int:
    """A number of requests, which some write as a fraction. Raises ValueError."""
    return int(text.removesuffix(".0"))


def _structured(limit: str, policy: str) -> dict[str, str]:
    """The parameters of the first limit and of the policy that it names."""
    found = {name: _parameter(limit, letter) for name, letter in (("remaining", "r"), ("reset", "t"))}
    found["limit"] = _parameter(policy, "q")
    return {name: value for name, value in found.items() if value}


def _parameter(header: str, name: str) -> str:
    value = re.search(rf";\s*{name}=(\d+)", header.partition(",")[0])
    return value[1] if value else ""


def asked_wait(headers: Mapping[str, str], captured_at: datetime) -> float | None:
    """Seconds that ``Retry-After`` asks for (a number or a date); None where it is missing or makes no sense."""
    text = headers.get("retry-after", "").strip()
    try:
        if text.isdecimal():
            return _sensible(float(text))
        return _sensible((_aware(parsedate_to_datetime(text)) - _server_now(headers, captured_at)).total_seconds())
    except (ValueError, OverflowError):
        return None


def told_wait(body: bytes, where: Sequence[str]) -> float | None:
    """Seconds that the JSON in `body` asks for, under the names in `where`; None where it says nothing of the kind."""
    try:
        value: object = parsed(body) if where else None
    except (ValueError, RecursionError):
        return None
    for name in where:
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return _sensible(float(value))


def is_capped(body: bytes, kinds: Sequence[str]) -> bool:
    """Whether the JSON of a refusal says, by the end of its `type`, that no wait helps."""
    try:
        value: object = parsed(body) if kinds else None
    except (ValueError, RecursionError):
        return False
    kind = value.get("type") if isinstance(value, dict) else None
    return isinstance(kind, str) and kind.rpartition("/")[2] in kinds


def _sensible(seconds: float) -> float | None:
    """One rule for all: a wait that is over, negative or longer than a day is as if nothing was said."""
    return seconds if 0 < seconds < _LONGEST_STATED else None


def _seconds_until(text: str, now: datetime) -> float:
    """`text` is ISO 8601, unix seconds, or seconds to go."""
    try:
        number = float(text)
    except ValueError:
        return (_aware(datetime.fromisoformat(text.strip().replace("Z", "+00:00"))) - now).total_seconds()
    if number > _MILLISECONDS:
        number /= 1000
    # a whole number was cut down from a moment up to one second later
    return number if number < _LONGEST_DELTA else number + 1 - now.timestamp()


def _server_now(headers: Mapping[str, str], captured_at: datetime) -> datetime:
    # resets are moments of the server's clock, which its Date header shows (to the second below)
    try:
        return _aware(parsedate_to_datetime(headers.get("date", "")))
    except (ValueError, OverflowError):
        return captured_at


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
