"""What the vault keeps of somebody, and the vault without them: each platform says how its answers name people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import orjson
from scrapy import Request
from scrapy.utils.request import fingerprint

from passerelle.platforms import is_hosted
from passerelle.vault import Attempt, RunInfo, Vault, attempts_of, rewrite
from spiders.collecting.masking import Masking
from spiders.collecting.people import Traces
from spiders.collecting.redacting import Redactor
from spiders.collecting.shape import Platform
from spiders.offered import platforms

TokenOf = Callable[[str], str | None]
"""The token of an identity, for those who are to be forgotten."""


class Forgetting:
    """Takes people out of recorded answers. `token_of` says whom; `domains` are those that hosts complete names with,
    `tags` the campaign's hashtags, folded. `traces` is by which words they were named so far, by identity, `runs` in
    which runs.
    """

    def __init__(self, token_of: TokenOf, domains: Mapping[str, str], tags: Iterable[str]) -> None:
        self._token_of = token_of
        self._domains = domains
        self._tags = frozenset(tags)
        self._platforms: dict[str, type[Platform]] = platforms()
        self._redactors: dict[tuple[str, str], Redactor] = {}
        self.traces: dict[str, Traces] = {}
        self.runs: set[str] = set()

    def know(self, identity: str) -> None:
        """Look for the words in an identity itself, shown or not."""
        if (token := self._token_of(identity)) is not None:
            found = self.traces.setdefault(identity, Traces(token))
            address = identity.removeprefix("acct:")
            if address != identity:
                found.strong.add(address)
                found.names.add(address.partition("@")[0])
            elif ":did:" in identity:
                found.strong.add(identity.partition(":")[2])
            self._redactors.clear()

    def learn(self, platform: str, attempt: Attempt) -> bool:
        """Note by which words an answer names them; whether it does."""
        kind, host = self._platforms[platform], self._host(attempt)
        reading = getattr(kind, "people", None)
        if reading is None or not attempt.body:
            return False
        found = kind.gather(attempt.body, host, self._domain(host), self._token_of)
        for identity, traces in found.items():
            self.traces.setdefault(identity, Traces(traces.token)).merge(traces)
        if found:
            self._redactors.clear()
        return bool(found)

    def without(self, platform: str, attempt: Attempt) -> Attempt:
        """An attempt without them: the very same where it does not name them."""
        if not self.traces:
            return attempt
        redactor = self._redactor(platform, self._host(attempt))
        url = redactor.text(attempt.url)
        return replace(
            attempt,
            url=url,
            fingerprint=attempt.fingerprint if url == attempt.url else _key(attempt, url),
            headers=tuple((name, redactor.text(value)) for name, value in attempt.headers),
            body=self._platforms[platform].redact(attempt.body, redactor) if attempt.body else b"",
            detail=redactor.text(attempt.detail),
        )

    def text(self, platform: str, host: str, words: str) -> str:
        """Any words of a run that was asked of `host`."""
        return self._redactor(platform, host).text(words)

    def _redactor(self, platform: str, host: str) -> Redactor:
        key = (platform, host)
        if key not in self._redactors:
            reading = self._platforms[platform].people
            masking = Masking(self.traces.values(), host, is_hosted=is_hosted(platform))
            self._redactors[key] = Redactor(reading, masking, self._domain(host), self._is_sought, self._tags)
        return self._redactors[key]

    def _is_sought(self, identity: str) -> bool:
        return self._token_of(identity) is not None

    def _domain(self, host: str) -> str:
        return self._domains.get(host) or host

    @staticmethod
    def _host(attempt: Attempt) -> str:
        return urlsplit(attempt.url).netloc.lower()


def learn_vault(vault: Vault, forgetting: Forgetting) -> None:
    """Note by which words a whole vault names them."""
    for info, attempt in attempts_of(vault):
        if forgetting.learn(info.platform, attempt):
            forgetting.runs.add(info.run_id)


def write_without(vault: Vault, draft: Path, forgetting: Forgetting) -> list[str]:
    """Write a vault without them into the folder `draft`; names of the runs that are others now."""

    def without(info: RunInfo, attempt: Attempt) -> Attempt:
        return forgetting.without(info.platform, attempt)

    def position(info: RunInfo) -> RunInfo:
        said = orjson.dumps(info.cursors).decode()
        told = forgetting.text(info.platform, info.source, said)
        return info if told == said else replace(info, cursors=orjson.loads(told))

    return rewrite(vault, draft, without, position)


def _key(attempt: Attempt, url: str) -> str:
    """What makes the question another; a sequence, or a question with a body, is known by the same key as before."""
    is_plain = attempt.fingerprint == fingerprint(Request(attempt.url)).hex()
    return fingerprint(Request(url)).hex() if is_plain else attempt.fingerprint
