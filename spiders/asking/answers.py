"""What came of a question: one of few outcomes, read from the answer's status, head and words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response

from spiders.asking.bodies import parsed
from spiders.asking.politeness import AGAIN

Outcome = Literal[
    "ok",
    "gone",
    "login",
    "legal",
    "withheld",
    "refused",
    "robots",
    "budget",
    "unreachable",
    "rate_limit",
    "malformed",
]
SILENT: Final[tuple[Outcome, ...]] = ("unreachable", "rate_limit")
"""Outcomes that say nothing about the thing asked for."""
REDIRECTS = frozenset((301, 302, 303, 307, 308))
_LOGIN_WORDS = re.compile(
    r"authenti[cf]|log[ -]?in\b|sign[ -]?in\b|logged in|access token|unauthori[sz]ed|connecter", re.I
)
_LOGIN_PATH = re.compile(r"/(log-?in|sign[-_]?in|sso|oauth/authorize|auth|session/new|connexion)\b", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`payload` is the JSON of an ``ok`` answer; `detail` what went wrong, with the HTTP `status` where there was one.

    ``gone`` is 404 or 410; ``login`` 401, or another answer that asks for a token or leads to a sign-in page; ``legal``
    is 451; ``withheld`` what a platform says it does not show; ``refused`` any other refusal, with the host that the
    server has `moved_to` where it says so; ``robots`` is what robots.txt forbids and ``budget`` what we cannot afford,
    which were not asked; ``rate_limit`` (a limit that did not lift in this run) and ``unreachable`` say nothing about
    the thing asked for. `next_url` is where the answer's links lead on, `has_link` whether they speak of the list's
    pages, `is_unclear` whether they name a next page that cannot be followed.
    `headers` are the first values of those that the vault keeps, by lower-case name; `problem` the JSON of a refusal,
    `of_one` whether it says nothing of other things of the kind, `advice` what to do where the platform knows better.
    `attempts` is how often the server was asked for it.
    """

    url: str
    outcome: Outcome
    captured_at: datetime
    payload: Any = None
    next_url: str | None = None
    has_link: bool = False
    is_unclear: bool = False
    text: str = ""
    detail: str = ""
    status: int = 0
    moved_to: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    problem: Any = None
    of_one: bool = False
    attempts: int = 0
    advice: tuple[str, str] | None = None


def judged(url: str, response: Response) -> Answer:
    """The answer as HTTP has it; what its body holds is not read yet."""
    outcome, status = _outcome(response), response.status
    return Answer(
        url=url,
        outcome=outcome,
        captured_at=response.meta["captured_at"],
        detail="" if outcome == "ok" else f"HTTP {status}",
        status=status,
        headers=_first_values(response),
        problem=None if outcome == "ok" else _problem(response),
        attempts=response.meta.get("attempts", 1),
    )


def is_followed(response: Response) -> bool:
    """Whether it leads elsewhere, and not to a page where people log in."""
    return response.status in REDIRECTS and not _leads_to_login(response)


def asks_to_log_in(payload: Any) -> bool:
    """Whether what came with a 200 is a refusal for want of a token."""
    return _LOGIN_WORDS.search(_error_in(payload)) is not None


def location(response: Response) -> str:
    """Where it leads; empty where it says nothing that can be read."""
    value = (response.headers.get("Location") or b"").decode("latin-1").strip()
    try:
        return urljoin(response.url, value) if value else ""
    except ValueError:
        return ""


def host_of(url: str) -> str:
    """The host of an address, with its port; empty where it has none."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return ""


def _outcome(response: Response) -> Outcome:
    status = response.status
    if 200 <= status < 300:
        return "ok"
    if status == 401 or _asks_for_login(response):
        return "login"
    if status in (404, 410):
        return "gone"
    if status == 451:
        return "legal"
    if status == 429:
        return "rate_limit"
    return "unreachable" if status in AGAIN or status >= 500 else "refused"


def _asks_for_login(response: Response) -> bool:
    """Whether a refusal says that a token is missing (some say 422 where public previews are off)."""
    if response.status in REDIRECTS:
        return _leads_to_login(response)
    if response.status in AGAIN or response.status >= 500:
        return False
    if response.status in (403, 422):
        return _LOGIN_WORDS.search(response.body[:2000].decode("latin-1")) is not None
    try:
        payload = parsed(response.body)
    except (ValueError, RecursionError):
        return False  # pages for people have a link to log in whatever they say
    return _LOGIN_WORDS.search(_error_in(payload)) is not None


def _problem(response: Response) -> Any:
    """What a refusal says in JSON; None where it is none."""
    try:
        return parsed(response.body)
    except (ValueError, RecursionError):
        return None


def _first_values(response: Response) -> dict[str, str]:
    found = ((name, values) for name, values in response.headers.items() if values)
    return {name.decode("latin-1").lower(): values[0].decode("latin-1") for name, values in found}


def _leads_to_login(response: Response) -> bool:
    try:
        return _LOGIN_PATH.search(urlsplit(location(response)).path) is not None
    except ValueError:
        return False


def _error_in(payload: Any) -> str:
    """What a server of this family says in place of what was asked for; empty where it says nothing of the kind."""
    if not isinstance(payload, dict) or "id" in payload:
        return ""
    words = (payload.get(name) for name in ("error", "error_description", "message"))
    return " ".join(word for word in words if isinstance(word, str))[:2000]
