"""One question to a server: the method, where, with what, and how the answer is to be read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlencode

from w3lib.url import add_or_replace_parameter

from spiders.asking.bodies import as_json

Reader = Callable[[bytes, str], Any]
"""From a body and its Content-Type to a payload. Raises ValueError with what it is not, or RecursionError."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question. A plain address stands for the simple GET, wherever one is expected.

    `url` is a path of the server or a whole URL; `body` is sent as JSON by a POST, `form` as a form is.
    `with_session` is whether what we
    are logged in with goes along (never to another server than the run's own), `pause` how many seconds after the last
    answer it is asked at the earliest.
    """

    url: str
    method: Literal["GET", "POST"] = "GET"
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] | None = None
    read: Reader = as_json
    with_session: bool = True
    pause: float = 0.0
    form: Mapping[str, str] | None = None

    @property
    def text(self) -> str:
        """What tells it from other questions, on one line: the address, unless there is more to it."""
        plain = self.method == "GET" and self.body is None
        return self.url if plain else json.dumps([self.method, self.url, self.body], ensure_ascii=False, sort_keys=True)

    @property
    def data(self) -> bytes:
        """The body as it is sent."""
        if self.form is not None:
            return urlencode(self.form).encode()
        return b"" if self.body is None else json.dumps(self.body, ensure_ascii=False).encode()

    def at(self, url: str) -> Ask:
        """The same question at another address."""
        return replace(self, url=url)

    def having(self, name: str, value: str) -> Ask:
        """The same question with one value set: in the body that it has, else in its address."""
        if self.body is not None:
            return replace(self, body={**self.body, name: value})
        return self.at(str(add_or_replace_parameter(self.url, name, value)))

    def again(self, text: str) -> Ask:
        """The question that had this `text`, of those that began with this one. Raises ValueError."""
        if not text.startswith("["):
            return self.at(text)
        method, url, body = json.loads(text)
        return replace(self, method=method, url=url, body=body)


def asked(address: str | Ask) -> Ask:
    """The question that `address` stands for."""
    return Ask(address) if isinstance(address, str) else address
