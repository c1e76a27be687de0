"""Asking one server: what came is an answer with one of few outcomes, never an exception."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from passerelle.errors import UsageError
from passerelle.hosts import base_url, is_loopback
from passerelle.platforms import PLATFORMS
from spiders.asking.answers import (
    REDIRECTS,
    SILENT,
    Answer,
    Outcome,
    asks_to_log_in,
    host_of,
    is_followed,
    judged,
    location,
)
from spiders.asking.ask import Ask, asked
from spiders.asking.bodies import MARKUP, decoded_text
from spiders.asking.guard import home_url
from spiders.asking.links import on_our_base, paging
from spiders.asking.robots import LONGEST_HOME_DELAY, Rules, read_rules
from spiders.asking.run import Run
from spiders.asking.session import Login, Session
from spiders.asking.vault_handler import UnreachableError
from spiders.logs import tell

_MALFORMED_ASKS = 3
_LOST_AFTER = 3
_MAX_REDIRECTS = 5
_HOME_PATIENCE = {"max_attempts": 2, "max_wait": 30.0}  # a thread is no reason to wait for every server of the world


class Dialect(Protocol):
    """What a platform says of its servers' answers, and of logging in to them (None: by a token that one has)."""

    login: Login | None

    def judge(self, answer: Answer) -> Answer:
        """The answer as this platform means it: its status means what it says, unless the platform knows better."""
        return answer

    def affords(self, ask: Ask) -> bool:
        """Whether what is left of what the platform allows suffices for a question."""
        return True

    def spend(self, ask: Ask, answer: Answer) -> None:
        """Count what a question has cost."""


class Api:
    """One server: the run's source, or another `host` beside it, which is asked without token.

    It obeys its `rules`. A host that posts name (`is_home`) is given up at its first silence. After several things in
    a row that could not be had, or where it asks for a longer wait than ours (`asks_too_long`), it is `lost`, to what
    `lost_to` says, and no longer asked.
    """

    def __init__(
        self, crawler: Crawler, run: Run, dialect: Dialect, host: str | None = None, *, is_home: bool = False
    ) -> None:
        self._crawler = crawler
        self._run = run
        self._dialect = dialect
        self.base = home_url(host or "", run.source) if is_home else base_url(host or run.source)
        self.rules = Rules()
        self.asks_too_long = False
        self.lost_to: Outcome = "unreachable"
        self._num_failures = 0
        self._lost_after = 1 if is_home else _LOST_AFTER
        self._session = None if host else Session(run, dialect.login, self._past_the_vault)
        self._patience: Mapping[str, Any] = _HOME_PATIENCE if is_home else {}
        self._forbidden: set[str] = set()
        self._beside: dict[str, Api | Outcome] = {}

    def at_home(self, host: str) -> Api:
        """The API of another server, the home of some author. Raises UsageError for a host that may not be asked."""
        return Api(self._crawler, self._run, self._dialect, host, is_home=True)

    @property
    def lost(self) -> bool:
        """Whether the server no longer answers."""
        return self.asks_too_long or self._num_failures >= self._lost_after

    async def ask(self, address: str | Ask) -> Answer:
        """The answer to a question. Cut JSON is asked for again, and a session that is over is renewed once.

        A whole URL of another server is asked there, once its robots.txt is known, and without our token.
        """
        ask = asked(address)
        url = urljoin(self.base, ask.url)
        ours = url if host_of(url) == host_of(self.base) else on_our_base(url, self.base)
        if ours is not None:
            return await self._answer(ask.at(ours))
        server = await self._server(host_of(url))
        if isinstance(server, Api):
            return await server._answer(ask.at(on_our_base(url, server.base) or url))
        return Answer(url=url, outcome=server, captured_at=self._run.clock, detail="not asked", of_one=True)

    async def text(self, path: str) -> Answer:
        """Ask for `path` as it is: robots.txt is no JSON. Other public servers are followed to, without token."""
        url, num_redirects = urljoin(self.base, path), 0
        while True:
            is_ours = on_our_base(url, self.base) is not None
            response = await self._fetched(Ask(url, with_session=False), is_ours=is_ours)
            if isinstance(response, Answer):
                return response if is_ours else replace(response, moved_to=host_of(url))
            target = self._anywhere(response) if response.status in REDIRECTS else None
            if target is None or num_redirects == _MAX_REDIRECTS:
                answer = self._judged(url, response)
                return replace(answer, text=decoded_text(response.body)) if answer.outcome == "ok" else answer
            url, num_redirects = target, num_redirects + 1

    async def _answer(self, ask: Ask) -> Answer:
        is_renewed = False
        for _ in range(_MALFORMED_ASKS):
            answer = self._dialect.judge(await self._afforded(ask))
            if self._session and not is_renewed and await self._session.renewed(answer):
                is_renewed = True
            elif answer.outcome != "malformed" or answer.detail == MARKUP:
                break
        if answer.outcome in SILENT and not self.lost:
            self.lost_to = answer.outcome
        if answer.outcome not in ("robots", "budget"):
            self._num_failures = self._num_failures + 1 if answer.outcome in SILENT else 0
        return answer

    async def _afforded(self, ask: Ask) -> Answer:
        """The answer, once it is paid for."""
        if not self._dialect.affords(ask):
            return Answer(
                url=ask.url, outcome="budget", captured_at=self._run.clock, detail="budget spent", of_one=True
            )
        answer = await self._asked(ask)
        if answer.attempts:
            self._dialect.spend(ask, answer)
        return answer

    async def _asked(self, ask: Ask) -> Answer:
        """The answer, over redirects within the server."""
        num_redirects = 0
        while True:
            if not self.rules.allow(ask.url):
                return self._forbids(ask.url)
            response = await self._fetched(ask)
            if isinstance(response, Answer):
                return response
            is_moved = ask.method == "GET" and is_followed(response)
            target = on_our_base(location(response), self.base) if is_moved else None
            if target is None or num_redirects == _MAX_REDIRECTS:
                return self._read(ask, response)
            ask, num_redirects = ask.at(target), num_redirects + 1

    async def _server(self, host: str) -> Api | Outcome:
        """The API of another server, which obeys its robots.txt; why it may not be asked, where it may not."""
        if host not in self._beside:
            self._beside[host] = await self._opened(host)
        return self._beside[host]

    async def _opened(self, host: str) -> Api | Outcome:
        is_home = host not in PLATFORMS[self._run.server.kind].servers
        if not is_home and is_loopback(urlsplit(base_url(self._run.source)).hostname or ""):
            return "refused"  # what is tried on this machine asks nobody outside
        try:
            server = Api(self._crawler, self._run, self._dialect, host, is_home=is_home)
        except UsageError:
            return "refused"
        if "robots" not in self._run.left_out:
            rules, robots = await read_rules(server, self._run.campaign)
            if robots.outcome in SILENT or (is_home and rules.delay > LONGEST_HOME_DELAY):
                return robots.outcome if robots.outcome in SILENT else "robots"
        return server

    def _forbids(self, url: str) -> Answer:
        place = urlsplit(url).path.split("/")[:4]
        if "/".join(place) not in self._forbidden:
            self._forbidden.add("/".join(place))
            path = "/".join(place)
            tell(urlsplit(url).netloc, f"robots.txt forbids {path}", f"robots.txt interdit {path}")
        self._crawler.stats.inc_value("passerelle/robots_forbidden")
        return Answer(url=url, outcome="robots", captured_at=self._run.clock, detail="robots.txt forbids it")

    async def _fetched(self, ask: Ask, *, is_ours: bool = True) -> Response | Answer:
        url = ask.url
        if self.lost:
            return Answer(url=url, outcome=self.lost_to, captured_at=self._run.clock, detail="given up")
        request = self._request(ask, self._patience if is_ours else _HOME_PATIENCE)
        token = await self._session.token() if is_ours and ask.with_session and self._session else None
        if token is not None:
            token.goes_with(request)
        try:
            response = await self._crawler.engine.download_async(request)
        except UnreachableError as error:
            silence = Answer(url=url, outcome="unreachable", captured_at=error.captured_at, detail=str(error))
            return replace(silence, attempts=1)  # it may have worked for us all the same
        if is_ours and response.meta.get("asks_too_long"):
            self.asks_too_long = True
            self.lost_to = "unreachable" if response.status >= 500 else "rate_limit"
        return response

    def _request(self, ask: Ask, patience: Mapping[str, Any]) -> Request:
        meta = {"dont_obey_robotstxt": True, "crawl_delay": max(self.rules.delay, ask.pause), **patience}
        kind = "application/json" if ask.body is not None else "application/x-www-form-urlencoded" if ask.form else ""
        headers = {**({"Content-Type": kind} if kind else {}), **(ask.headers or {})}
        return Request(ask.url, method=ask.method, body=ask.data, headers=headers, meta=meta, dont_filter=True)

    async def _past_the_vault(self, ask: Ask) -> Answer:
        """The answer to what holds a secret, or gives one: nobody keeps it."""
        request = self._request(ask.at(urljoin(self.base, ask.url)), {})
        request.meta["unrecorded"] = True
        try:
            response = await self._crawler.engine.download_async(request)
        except UnreachableError as error:
            return Answer(url="", outcome="unreachable", captured_at=error.captured_at, detail=str(error))
        return self._read(ask, response)

    def _anywhere(self, response: Response) -> str | None:
        """Where a redirect leads, if that is a server that may be asked."""
        target = location(response)
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
        answer = judged(url, response)
        is_moved = response.status in REDIRECTS and answer.outcome != "login"
        return replace(answer, moved_to=self._elsewhere(response)) if is_moved else answer

    def _elsewhere(self, response: Response) -> str:
        """The other host that a redirect names; empty where it names none."""
        target = location(response)
        return "" if on_our_base(target, self.base) else host_of(target)

    def _read(self, ask: Ask, response: Response) -> Answer:
        answer = self._judged(ask.url, response)
        if answer.outcome != "ok":
            return answer
        try:
            payload = ask.read(response.body, answer.headers.get("content-type", ""))
        except (ValueError, RecursionError) as error:
            return replace(answer, outcome="malformed", detail=str(error)[:200])
        if asks_to_log_in(payload):
            return replace(answer, outcome="login", detail=f"HTTP {response.status}")
        links = paging([value.decode("latin-1") for value in response.headers.getlist("Link")], ask.url, self.base)
        return replace(
            answer,
            payload=payload,
            next_url=links.next_url,
            has_link=links.is_paged,
            is_unclear=links.is_unclear,
        )
