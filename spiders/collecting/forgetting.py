"""People taken out of answers, as they come or as they were recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.utils.request import fingerprint

from passerelle.platforms import is_hosted
from passerelle.vault import Attempt
from spiders.collecting.masking import Masking
from spiders.collecting.people import TokenOf, Traces
from spiders.collecting.redacting import Redactor
from spiders.collecting.shape import Platform


class Forgetting:
    """Takes people out of recorded answers. `token_of` says whom; `domains` are those that hosts complete names with,
    `tags` the campaign's hashtags, folded, `platforms` how each is read. `traces` is by which words they were named so
    far, by identity, `runs` in which runs.
    """

    def __init__(
        self,
        token_of: TokenOf,
        domains: Mapping[str, str],
        tags: Iterable[str],
        platforms: Mapping[str, type[Platform]],
    ) -> None:
        self._token_of = token_of
        self._domains = domains
        self._tags = frozenset(tags)
        self._platforms = platforms
        self._redactors: dict[tuple[str, str, str], Redactor] = {}
        self.traces: dict[str, Traces] = {}
        self.runs: set[str] = set()

    def know(self, identity: str) -> None:
        """Look for the words in an identity itself, shown or not."""
        if (token := self._token_of(identity, ())) is not None:
            found = self.traces.setdefault(identity, Traces(token))
            address = identity.removeprefix("acct:")
            if address != identity:
                found.strong.add(address)
                found.names.add(address.partition("@")[0])
            elif ":did:" in identity:
                found.strong.add(identity.partition(":")[2])
            self._redactors.clear()

    def learn(self, platform: str, source: str, attempt: Attempt) -> bool:
        """Note by which words an answer names them; whether it does."""
        kind, host = self._platforms[platform], self._host(attempt)
        reading = getattr(kind, "people", None)
        if reading is None or not attempt.body:
            return False
        found = kind.gather(attempt.body, host, self._domain(platform, source, host), self._token_of)
        for identity, traces in found.items():
            self.traces.setdefault(identity, Traces(traces.token)).merge(traces)
        if found:
            self._redactors.clear()
        return bool(found)

    def without(self, platform: str, source: str, attempt: Attempt) -> Attempt:
        """An attempt without them: the very same where it does not name them."""
        if not self.traces:
            return attempt
        redactor = self._redactor(platform, source, self._host(attempt))
        url = redactor.text(attempt.url)
        return replace(
            attempt,
            url=url,
            fingerprint=attempt.fingerprint if url == attempt.url else _key(attempt, url),
            headers=tuple((name, redactor.text(value)) for name, value in attempt.headers),
            body=self._platforms[platform].redact(attempt.body, redactor) if attempt.body else b"",
            detail=redactor.text(attempt.detail),
        )

    def text(self, platform: str, source: str, words: str) -> str:
        """Any words of a run of `source`."""
        return self._redactor(platform, source, source).text(words)

    def _redactor(self, platform: str, source: str, host: str) -> Redactor:
        key = (platform, source, host)
        if key not in self._redactors:
            reading = self._platforms[platform].people
            masking = Masking(self.traces.values(), host, is_hosted=is_hosted(platform), is_cased=reading.is_cased)
            self._redactors[key] = Redactor(
                reading, masking, self._domain(platform, source, host), self._is_sought, self._tags
            )
        return self._redactors[key]

    def _is_sought(self, identity: str) -> bool:
        return identity in self.traces or self._token_of(identity, ()) is not None

    def _domain(self, platform: str, source: str, host: str) -> str:
        """What completes a bare name: of a platform with servers the one that was asked, else the run's source."""
        place = host if is_hosted(platform) else source
        return self._domains.get(place) or place

    @staticmethod
    def _host(attempt: Attempt) -> str:
        return urlsplit(attempt.url).netloc.lower()


def _key(attempt: Attempt, url: str) -> str:
    """What makes the question another; a sequence, or a question with a body, is known by the same key as before."""
    is_plain = attempt.fingerprint == fingerprint(Request(attempt.url)).hex()
    return fingerprint(Request(url)).hex() if is_plain else attempt.fingerprint
