"""What carries our token: every attempt at the source, also of a run that was cut and taken up again; nobody else."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import TextResponse

from spiders.asking.answers import Answer
from spiders.asking.api import Api, Dialect
from spiders.asking.ask import Ask
from spiders.asking.session import Login
from tests.spiders.crawling import CLOCK

LOGIN = Login(
    begin=lambda secret: Ask("/login", "POST", {"word": secret}),
    renew=lambda given: Ask("/renew", "POST"),
    bearer=lambda given: given["bearer"],
    is_over=lambda answer: answer.status == 400,
)


class Engine:
    """Answers everything, and remembers what each request carried."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, bytes | None]] = []

    async def download_async(self, request: Request) -> TextResponse:
        request.meta["captured_at"] = CLOCK
        self.seen.append((request.url, request.headers.get("Authorization")))
        body = b'{"bearer": "given"}' if request.url.endswith("/login") else b"{}"
        status = 404 if "robots.txt" in request.url else 200
        return TextResponse(request.url, status=status, body=body, request=request)


class Plain(Dialect):
    """Answers mean what they say, and cost nothing."""

    def __init__(self, login: Login | None) -> None:
        self.login = login


def seen(login: Login | None, *urls: str, replaying: bool, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What each request for `urls` carried; the tape holds the next attempt at everything."""
    monkeypatch.setenv("T", "word")
    engine = Engine()
    run: Any = SimpleNamespace(
        source="ville.test",
        server=SimpleNamespace(token_variable="T", kind="mastodon"),  # noqa: S106
        tape=SimpleNamespace(replaying=replaying, holds=lambda key: True),
        campaign=SimpleNamespace(collect=SimpleNamespace(user_agent="x")),
        clock=CLOCK,
        left_out=(),
    )
    api = Api(SimpleNamespace(engine=engine), run, Plain(login))  # type: ignore[arg-type]

    async def ask() -> list[Answer]:
        return [await api.ask(url) for url in urls]

    assert [answer.outcome for answer in asyncio.run(ask())] == ["ok"] * len(urls)
    return engine.seen


@pytest.mark.parametrize(("login", "token"), [(None, b"Bearer word"), (LOGIN, b"Bearer given")])
def test_what_is_on_record_carries_the_token_too(
    login: Login | None, token: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its next attempt may be none that was recorded, and is made of the same request."""
    shown = seen(login, "/a", "https://ville.test/b", replaying=False, monkeypatch=monkeypatch)
    assert [carried for url, carried in shown if not url.endswith("/login")] == [token, token]
    assert [carried for url, carried in shown if url.endswith("/login")] == [None] * (login is not None)


@pytest.mark.parametrize("login", [None, LOGIN])
def test_a_replay_carries_nothing_and_another_server_gets_nothing(
    login: Login | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert seen(login, "/a", replaying=True, monkeypatch=monkeypatch) == [("https://ville.test/a", None)]
    shown = seen(login, "https://autre.test/a", replaying=False, monkeypatch=monkeypatch)
    assert shown == [("https://autre.test/robots.txt", None), ("https://autre.test/a", None)]
