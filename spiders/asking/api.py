"""Asking one server for JSON: what came is an answer with one of few outcomes, never an exception."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from passerelle.errors import UsageError
from passerelle.hosts import base_url
from spiders.asking.bodies import decoded_text, is_markup, parsed
from spiders.asking.guard import home_url
from spiders.asking.links import on_our_base, paging
from spiders.asking.politeness import AGAIN
from spiders.asking.robots import Rules
from spiders.asking.run import Run
from spiders.asking.vault_handler import UnreachableError
from spiders.logs import tell

Outcome = Literal[
    "ok", "gone", "login", "legal", "withheld", "refused", "robots", "unreachable", "rate_limit", "malformed"
]
SILENT: Final[tuple[Outcome, ...]] = ("unreachable", "rate_limit")
"""Outcomes that say nothing about the thing asked for."""
MARKUP = "HTML instead of JSON"
_MALFORMED_ASKS = 3
_LOST_AFTER = 3
_MAX_REDIRECTS = 5
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_HOME_PATIENCE = {"max_attempts": 2, "max_wait": 30.0}  # a thread is no reason to wait for every server of the world
_LOGIN_WORDS = re.compile(
    r"authenti[cf]|log[ -]?in\b|sign[ -]?in\b|logged in|access token|unauthori[sz]ed|connecter", re.I
)
_LOGIN_PATH = re.compile(r"/(log-?in|sign[-_]?in|sso|oauth/authorize|auth|session/new|connexion)\b", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`payload` is the JSON of an ``ok`` answer; `detail` what went wrong, with the HTTP `status` where there was one.

    ``gone`` is 404 or 410; ``login`` 401, or another answer that asks for a token or leads to a sign-in page; ``legal``
    is 451; ``withheld`` what a platform says it does not show; ``refused`` any other refusal, with the host that the
    server has `moved_to` where it says so; ``robots`` is what robots.txt forbids, which was not asked; ``rate_limit``
    (a limit that did not lift in this run) and ``unreachable`` say nothing about the thing asked for. `next_url` is
    where the answer's links lead on, `has_link` whether they speak of the list's pages, `is_unclear` whether they name
    a next page that cannot be followed.
    `headers` are the first values of those that the vault keeps, by lower-case name; `problem` the JSON of a refusal,
    `of_one` whether it says nothing of other things of the kind.
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


class Api:
    """One server: the run's source, or a `home` that is asked without token and given up at its first silence.

    It obeys its `rules`. After several things in a row that could not be had, or where it asks for a longer wait than
    ours (`asks_too_long`), it is `lost`, to what `lost_to` says, and no longer asked.
    """

    def __init__(self, crawler: Crawler, run: Run, home: str | None = None) -> None:
        self._crawler = crawler
        self._run = run
        self.base = base_url(run.source) if home is None else home_url(home, run.source)
        self.rules = Rules()
        self.judge: Callable[[Answer], Answer] = lambda answer: answer  # what the platform makes of an answer
        self.asks_too_long = False
        self.lost_to: Outcome = "unreachable"
        self._num_failures = 0
        self._lost_after = _LOST_AFTER if home is None else 1
        self._headers = _authorization(run) if home is None else {}
        self._patience = {} if home is None else _HOME_PATIENCE
        self._forbidden: set[str] = set()

    def at_home(self, host: str) -> Api:
        """The API of another server, the home of some author. Raises UsageError for a host that may not be asked."""
        return Api(self._crawler, self._run, host)

    @property
    def lost(self) -> bool:
        """Whether the server no longer answers."""
        return self.asks_too_long or self._num_failures >= self._lost_after

    async def get(self, path: str) -> Answer:
        """Ask for `path` (or a whole URL of the same server). Cut JSON is asked for again."""
        for _ in range(_MALFORMED_ASKS):
            answer = self.judge(await self._asked(path))
            if answer.outcome != "malformed" or answer.detail == MARKUP:
                break
        if answer.outcome in SILENT and not self.lost:
            self.lost_to = answer.outcome
        if answer.outcome != "robots":
            self._num_failures = self._num_failures + 1 if answer.outcome in SILENT else 0
        return answer

    async def text(self, path: str) -> Answer:
        """Ask for `path` as it is: robots.txt is no JSON. Other public servers are followed to, without token."""
        url, num_redirects = urljoin(self.base, path), 0
        while True:
            is_ours = on_our_base(url, self.base) is not None
            response = await self._fetched(url, is_ours=is_ours)
            if isinstance(response, Answer):
                return response if is_ours else replace(response, moved_to=_host_of(url))
            target = self._anywhere(response) if response.status in _REDIRECTS else None
            if target is None or num_redirects == _MAX_REDIRECTS:
                answer = self._judged(url, response)
                return replace(answer, text=decoded_text(response.body)) if answer.outcome == "ok" else answer
            url, num_redirects = target, num_redirects + 1

    async def _asked(self, path: str) -> Answer:
        """The answer to `path`, over redirects within the server."""
        url, num_redirects = urljoin(self.base, path), 0
        while True:
            if not self.rules.allow(url):
                return self._forbids(url)
            response = await self._fetched(url)
            if isinstance(response, Answer):
                return response
            is_followed = response.status in _REDIRECTS and not _leads_to_login(response)
            target = on_our_base(_location(response), self.base) if is_followed else None
            if target is None or num_redirects == _MAX_REDIRECTS:
                return self._read(url, response)
            url, num_redirects = target, num_redirects + 1

    def _forbids(self, url: str) -> Answer:
        place = urlsplit(url).path.split("/")[:4]
        if "/".join(place) not in self._forbidden:
            self._forbidden.add("/".join(place))
            path = "/".join(place)
            tell(urlsplit(url).netloc, f"robots.txt forbids {path}", f"robots.txt interdit {path}")
        self._crawler.stats.inc_value("passerelle/robots_forbidden")
        return Answer(url=url, outcome="robots", captured_at=self._run.clock, detail="robots.txt forbids it")

    async def _fetched(self, url: str, *, is_ours: bool = True) -> Response | Answer:
        if self.lost:
            return Answer(url=url, outcome=self.lost_to, captured_at=self._run.clock, detail="given up")
        meta = {"dont_obey_robotstxt": True, "crawl_delay": self.rules.delay, **self._patience}
        headers = self._headers if is_ours else {}
        request = Request(url, headers=headers, meta=meta if is_ours else meta | _HOME_PATIENCE, dont_filter=True)
        try:
            response = await self._crawler.engine.download_async(request)
        except UnreachableError as error:
            return Answer(url=url, outcome="unreachable", captured_at=error.captured_at, detail=str(error))
        if is_ours and response.meta.get("asks_too_long"):
            self.asks_too_long = True
            self.lost_to = "unreachable" if response.status >= 500 else "rate_limit"
        return response

    def _anywhere(self, response: Response) -> str | None:
        """Where a redirect leads, if that is a server that may be asked."""
        target = _location(response)
        ours = on_our_base(target, self.base)
        if ours is not None:
            return ours
        try:
            parts = urlsplit(target)
            base = urlsplit(home_url(parts.netloc, self._run.source))
        except (UsageError, ValueError):
            return None
        return parts._replace(scheme=base.scheme, netloc=base.netloc, fragment="").geturl()

    def _judged(self, url: str, response: Response) -> Answer:
        outcome, status = _outcome(response), response.status
        return Answer(
            url=url,
            outcome=outcome,
            captured_at=response.meta["captured_at"],
            detail="" if outcome == "ok" else f"HTTP {status}",
            status=status,
            moved_to=self._elsewhere(response) if status in _REDIRECTS and outcome != "login" else "",
            headers=_first_values(response),
        )

    def _elsewhere(self, response: Response) -> str:
        """The other host that a redirect names; empty where it names none."""
        target = _location(response)
        return "" if on_our_base(target, self.base) else _host_of(target)

    def _read(self, url: str, response: Response) -> Answer:
        answer = self._judged(url, response)
        if answer.outcome != "ok":
            return replace(answer, problem=_problem(response))
        try:
            payload = parsed(response.body)
        except (ValueError, RecursionError) as error:
            detail = MARKUP if is_markup(response.body) else f"no JSON: {error}"[:200]
            return replace(answer, outcome="malformed", detail=detail)
        if _LOGIN_WORDS.search(_error_in(payload)):
            return replace(answer, outcome="login", detail=f"HTTP {response.status}")
        links = paging([value.decode("latin-1") for value in response.headers.getlist("Link")], url, self.base)
        return replace(
            answer,
            payload=payload,
            next_url=links.next_url,
            has_link=links.is_paged,
            is_unclear=links.is_unclear,
        )


def _location(response: Response) -> str:
    value = (response.headers.get("Location") or b"").decode("latin-1").strip()
    try:
        return urljoin(response.url, value) if value else ""
    except ValueError:
        return ""


def _host_of(url: str) -> str:
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
    if response.status in _REDIRECTS:
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
        return _LOGIN_PATH.search(urlsplit(_location(response)).path) is not None
    except ValueError:
        return False


def _error_in(payload: Any) -> str:
    """What a server of this family says in place of what was asked for; empty where it says nothing of the kind."""
    if not isinstance(payload, dict) or "id" in payload:
        return ""
    words = (payload.get(name) for name in ("error", "error_description", "message"))
    return " ".join(word for word in words if isinstance(word, str))[:2000]


def _authorization(run: Run) -> dict[str, str]:
    name = run.server.token_variable
    if name is None or run.tape.replaying:
        return {}
    token = os.environ.get(name, "").strip()
    if not token:
        raise UsageError(
            en=f"{run.source}: the environment variable {name} (token_variable) is empty; put the access token there",
            fr=f"{run.source} : la variable d'environnement {name} (token_variable) est vide ; mettez-y le jeton",
        )
    if not token.isascii() or not token.isprintable():
        raise UsageError(
            en=f"{run.source}: what stands in the environment variable {name} (token_variable) is no token",
            fr=f"{run.source} : la variable d'environnement {name} (token_variable) ne contient pas un jeton",
        )
    return {"Authorization": f"Bearer {token}"}
