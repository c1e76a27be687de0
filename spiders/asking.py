"""Asking one server for JSON: what came is an answer with one of few outcomes, never an exception."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from passerelle.errors import UsageError
from passerelle.hosts import base_url
from spiders.guard import home_url
from spiders.politeness import AGAIN
from spiders.run import Run
from spiders.vault_handler import UnreachableError

Outcome = Literal["ok", "gone", "login", "refused", "unreachable", "malformed"]
_MALFORMED_ASKS = 3
_LOST_AFTER = 3
_HOME_PATIENCE = {"max_attempts": 2, "max_wait": 30.0}  # a thread is no reason to wait for every server of the world


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`payload` is the JSON of an ``ok`` answer; `next_url` what its Link header offers; `detail` what went wrong.

    ``gone`` is 404 or 410; ``login`` 401; ``refused`` any other refusal; ``unreachable`` says nothing about the thing
    asked for.
    """

    url: str
    outcome: Outcome
    captured_at: datetime
    payload: Any = None
    next_url: str | None = None
    has_link: bool = False
    text: str = ""
    detail: str = ""


class Api:
    """One server: the run's source, or a `home` that is asked without token and given up at its first silence.

    After several things in a row that could not be had, it is `lost` and no longer asked.
    """

    def __init__(self, crawler: Crawler, run: Run, home: str | None = None) -> None:
        self._crawler = crawler
        self._run = run
        self.base = base_url(run.source) if home is None else home_url(home, run.source)
        self._num_failures = 0
        self._lost_after = _LOST_AFTER if home is None else 1
        self._headers = _authorization(run) if home is None else {}
        self._patience = {} if home is None else _HOME_PATIENCE

    def at_home(self, host: str) -> Api:
        """The API of another server, the home of some author. Raises UsageError for a host that may not be asked."""
        return Api(self._crawler, self._run, host)

    @property
    def lost(self) -> bool:
        """Whether the server no longer answers."""
        return self._num_failures >= self._lost_after

    async def get(self, path: str) -> Answer:
        """Ask for `path` (or a whole URL of the same server). Cut JSON is asked for again."""
        answer = await self._ask(path)
        for _ in range(_MALFORMED_ASKS - 1):
            if answer.outcome != "malformed":
                break
            answer = await self._ask(path)
        self._num_failures = self._num_failures + 1 if answer.outcome == "unreachable" else 0
        return answer

    async def text(self, path: str) -> Answer:
        """Ask for `path` as it is: robots.txt is no JSON."""
        return await self._ask(path, read_json=False)

    async def _ask(self, path: str, *, read_json: bool = True) -> Answer:
        url = urljoin(self.base, path)
        if self.lost:
            return Answer(url=url, outcome="unreachable", captured_at=self._run.clock, detail="given up")
        meta = {"dont_obey_robotstxt": True, **self._patience}
        request = Request(url, headers=self._headers, meta=meta, dont_filter=True)
        try:
            response = await self._crawler.engine.download_async(request)
        except UnreachableError as error:
            return Answer(url=url, outcome="unreachable", captured_at=error.captured_at, detail=str(error))
        return self._read(url, response, read_json)

    def _read(self, url: str, response: Response, read_json: bool) -> Answer:
        captured_at: datetime = response.meta["captured_at"]
        outcome = _outcome(response.status)
        if outcome != "ok":
            return Answer(url=url, outcome=outcome, captured_at=captured_at, detail=f"HTTP {response.status}")
        if not read_json:
            text = response.body.decode("utf-8", "replace")
            return Answer(url=url, outcome="ok", captured_at=captured_at, text=text)
        try:
            payload = json.loads(response.body)
        except (ValueError, RecursionError) as error:
            return Answer(url=url, outcome="malformed", captured_at=captured_at, detail=f"no JSON: {error}"[:200])
        return Answer(
            url=url,
            outcome="ok",
            captured_at=captured_at,
            payload=payload,
            next_url=self._next(url, response),
            has_link=b"Link" in response.headers,
        )

    def _next(self, url: str, response: Response) -> str | None:
        """The next page by its Link header; never one of another server, which would get our token."""
        for header in response.headers.getlist("Link"):
            for link in header.decode("latin-1").split(","):
                target, _, parameters = link.strip().partition(">")
                if 'rel="next"' in parameters.replace(" ", ""):
                    found = urljoin(url, target.lstrip("<"))
                    return self._ours(found)
        return None

    def _ours(self, found: str) -> str | None:
        mine, theirs = urlsplit(self.base), urlsplit(found)
        # a server behind a proxy may write http, or leave its port out
        if mine.hostname != theirs.hostname:
            return None
        return theirs._replace(scheme=mine.scheme, netloc=mine.netloc).geturl()


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return "ok"
    if status in (404, 410):
        return "gone"
    if status == 401:
        return "login"
    return "unreachable" if status in AGAIN or status >= 500 else "refused"


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
    return {"Authorization": f"Bearer {token}"}
