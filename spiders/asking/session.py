"""What we are logged in with: a token from the environment, or one that a platform gives for it. Never in the vault."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from passerelle.errors import PasserelleError, UsageError
from passerelle.platforms import PLATFORMS
from spiders.asking.answers import SILENT, Answer
from spiders.asking.ask import Ask
from spiders.asking.run import Run
from spiders.asking.token import Token

Send = Callable[[Ask], Awaitable[Answer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How a platform gives a token that lasts for a while.

    `begin` asks for one with what the token variable holds, and raises ValueError where that cannot be used; `renew`
    asks with what the last answer held (None: one begins anew).
    `bearer` is the token in an answer (KeyError, TypeError: there is none).
    `is_over` tells an answer that no longer takes it.
    """

    begin: Callable[[str], Ask]
    renew: Callable[[Any], Ask] | None
    bearer: Callable[[Any], str]
    is_over: Callable[[Answer], bool]


class Session:
    """The token of one run. In a replay there is none, and nothing is asked for one."""

    def __init__(self, run: Run, login: Login | None, send: Send) -> None:
        self._run = run
        self._login = login
        self._send = send
        self._secret = "" if run.tape.replaying else _secret(run)
        self._given: Any = None

    async def token(self) -> Token | None:
        """What a request carries, also one that is on record: its next attempt may not be. Logs in for the first."""
        if not self._secret:
            return None
        if self._login is None:
            return Token(self._secret, PLATFORMS[self._run.server.kind].token_in)
        if self._given is None:
            await self._begin(self._login)
        return Token(self._login.bearer(self._given))

    async def renewed(self, answer: Answer) -> bool:
        """Whether `answer` is worth another try, because a token that was over has been renewed."""
        if self._login is None or not self._login.is_over(answer):
            return False
        if self._given is not None:
            await self._renew(self._login)
        return True

    async def _begin(self, login: Login) -> None:
        try:
            answer = await self._send(login.begin(self._secret))
        except ValueError:
            raise _unusable(self._run) from None
        if not self._takes(login, answer):
            raise _silent(self._run, answer) if answer.outcome in SILENT else _refused(self._run, answer)

    async def _renew(self, login: Login) -> None:
        answer = await self._send(login.renew(self._given)) if login.renew else None
        if answer is None or not self._takes(login, answer):
            await self._begin(login)

    def _takes(self, login: Login, answer: Answer) -> bool:
        try:
            login.bearer(answer.payload)
        except (KeyError, TypeError):
            return False
        self._given = answer.payload
        return True


def _secret(run: Run) -> str:
    name = run.server.token_variable
    if name is None:
        return ""
    secret, (en, fr) = os.environ.get(name, "").strip(), PLATFORMS[run.server.kind].secret
    if not secret:
        raise UsageError(
            en=f"{run.source}: the environment variable {name} (token_variable) is empty; put {en} there",
            fr=f"{run.source} : la variable d'environnement {name} (token_variable) est vide ; mettez-y {fr}",
        )
    if not secret.isascii() or not secret.isprintable():
        raise _unusable(run)
    return secret


def _unusable(run: Run) -> UsageError:
    name, (en, fr) = run.server.token_variable, PLATFORMS[run.server.kind].secret
    return UsageError(
        en=f"{run.source}: the environment variable {name} (token_variable) does not hold {en}",
        fr=f"{run.source} : la variable d'environnement {name} (token_variable) ne contient pas {fr}",
    )


def _refused(run: Run, answer: Answer) -> UsageError:
    name, (en, fr) = run.server.token_variable, PLATFORMS[run.server.kind].secret
    return UsageError(
        en=f"{run.source} does not accept what {name} (token_variable) holds ({answer.detail}); put {en} there",
        fr=f"{run.source} refuse ce que contient {name} (token_variable) ({answer.detail}) ; mettez-y {fr}",
    )


def _silent(run: Run, answer: Answer) -> PasserelleError:
    return PasserelleError(
        en=f"{run.source} does not let us log in now ({answer.detail}); try again later",
        fr=f"{run.source} ne permet pas de se connecter pour l'instant ({answer.detail}) ; réessayez plus tard",
    )
