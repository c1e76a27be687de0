"""Faults on demand: what hostile, broken or busy servers do, each for as many requests as asked."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Literal, get_args

Kind = Literal[
    "rate_limited",
    "unavailable",
    "reset",
    "truncated",
    "cut",
    "slow",
    "endless",
    "repeated",
    "unauthorised",
    "html_error",
    "gzip_bomb",
    "huge",
    "hang",
    "partial_thread",
]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(slots=True)
class Fault:
    """Strikes the next `times` requests whose path holds `match`, after letting `after` of them through.

    `retry_after` is sent as it is (seconds, or ``"date"`` for a date `seconds` ahead); `reset` writes
    ``X-RateLimit-Reset`` as ``iso`` or ``unix``, None leaves it out. `seconds` is also how long a slow answer or a
    hang lasts, ``truncated`` halves the JSON, ``cut`` the transfer, ``partial_thread`` leaves one reply of a context,
    `size` is the bytes of a huge body or an unpacked bomb. With `begins` and `ends` it is there between these moments
    of the invented world only.
    """

    kind: Kind
    times: int = 1
    match: str = ""
    after: int = 0
    retry_after: str | None = None
    reset: Literal["iso", "unix"] | None = None
    seconds: float = 1.0
    size: int = 10_000_000
    begins: datetime | None = None
    ends: datetime | None = None
    struck: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"'{self.kind}' is no fault; there are {', '.join(KINDS)}")

    def strikes(self, path: str, now: datetime) -> bool:
        """Whether this request is hit; counts down."""
        if (self.begins and now < self.begins) or (self.ends and now >= self.ends):
            return False
        if self.match not in path or self.struck >= self.times:
            return False
        if self.after:
            self.after -= 1
            return False
        self.struck += 1
        return True


@dataclass(slots=True)
class Answer:
    """What is sent: status, headers, body, and how (in one go, in drops, cut, or with the line torn)."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    drops: float = 0.0
    cut: bool = False
    torn: bool = False
    silent: float = 0.0


def spoil(fault: Fault, answer: Answer, url: str, now: datetime) -> Answer:
    """The answer as `fault` leaves it; `url` is the request's own address, for cursors that lead nowhere."""
    if fault.kind in ("rate_limited", "unavailable", "unauthorised", "html_error"):
        return _refused(fault, now)
    if fault.kind in ("endless", "repeated"):
        return _going_round(fault, answer, url)
    if fault.kind in ("huge", "gzip_bomb"):
        return _swollen(fault, answer)
    if fault.kind == "partial_thread":
        return _partial(answer)
    answer.torn = fault.kind == "reset"
    answer.cut = fault.kind == "cut"
    if fault.kind == "truncated":
        answer.body = answer.body[: len(answer.body) // 2]
    answer.drops = fault.seconds if fault.kind == "slow" else 0.0
    answer.silent = fault.seconds if fault.kind == "hang" else 0.0
    return answer


def _refused(fault: Fault, now: datetime) -> Answer:
    status = {"rate_limited": 429, "unavailable": 503, "unauthorised": 401, "html_error": 502}[fault.kind]
    if fault.kind == "html_error":
        return Answer(status, b"<html><body><h1>502 Bad Gateway</h1></body></html>", {"Content-Type": "text/html"})
    words = {429: "Too many requests", 503: "Remote data could not be fetched", 401: "This method requires a user"}
    answer = Answer(status, json.dumps({"error": words[status]}).encode(), {"Content-Type": "application/json"})
    later = now + timedelta(seconds=fault.seconds)
    if fault.retry_after is not None:
        date = format_datetime(later + timedelta(seconds=1), usegmt=True)
        answer.headers["Retry-After"] = date if fault.retry_after == "date" else fault.retry_after
    if fault.reset is not None:
        answer.headers |= {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0"}
        answer.headers["X-RateLimit-Reset"] = reset_time(later, fault.reset)
    return answer


def reset_time(moment: datetime, notation: Literal["iso", "unix"]) -> str:
    """A moment in one of the two notations that servers use."""
    return moment.isoformat().replace("+00:00", "Z") if notation == "iso" else str(int(moment.timestamp()))


def _going_round(fault: Fault, answer: Answer, url: str) -> Answer:
    bare = url.partition("?")[0]
    cursor = 999_999_999_999_999_999 - fault.struck if fault.kind == "endless" else 424_242
    answer.headers["Link"] = f'<{bare}?limit=40&max_id={cursor}>; rel="next"'
    return answer


def _partial(answer: Answer) -> Answer:
    value = json.loads(answer.body)
    answer.body = json.dumps(value | {"descendants": value["descendants"][:1]}).encode()
    return answer


def _swollen(fault: Fault, answer: Answer) -> Answer:
    if fault.kind == "gzip_bomb":
        answer.body = gzip.compress(b"[" + b" " * fault.size + b"]", mtime=0)
        answer.headers["Content-Encoding"] = "gzip"
        return answer
    value = json.loads(answer.body)
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, dict):
        first["content"] = "<p>" + "a" * fault.size + "</p>"
    answer.body = json.dumps(value).encode()
    return answer
