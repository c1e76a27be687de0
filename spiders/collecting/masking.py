"""A person's words taken out of text: every spelling of what names them becomes their token."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import quote, urlsplit

from passerelle.erased import NO_NAME
from spiders.collecting.people import LONG, Traces

_PLACES = r"accounts|users?|authors?|people|profile|u|c|channel|author_id|person_id|creator_id|user_id|account_id"
_END = r"(?![\w\-])"
_AFTER = r"(?![\w\-])(?!@[\w\-]+\.)"  # of a name that is complete without a host
_MANY_WORDS = 2
_DISTINCT = re.compile(r"[\d_.\-]")


class Masking:
    """Replaces what names some people, in the answers of one host. `people` are their traces.

    On a platform that `is_hosted` the same user name on another host is somebody else's.
    """

    def __init__(self, people: Iterable[Traces], host: str, *, is_hosted: bool, is_cased: bool = False) -> None:
        self.host = host
        self._is_hosted = is_hosted
        self._fold: Callable[[str], str] = str if is_cased else str.casefold
        self._by: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._locals: dict[str, str] = {}
        sure, shown = set[str](), set[str]()
        for traces in people:
            sure |= self._strong(traces)
            self._names |= {self._fold(name): traces.token for name in traces.names if name}
            shown |= {name for name in traces.shown if is_telling(name)}
            for place, local in traces.locals:
                if place == host:
                    self._locals[local] = traces.local(local)
                    sure |= self._note(local, traces.local(local)) if len(local) >= LONG else set()
        shown = {name for name in shown if self._fold(name) not in self._names}
        names = set(self._names)
        self._names |= {self._fold(name): NO_NAME for name in shown}
        self._sure = _pattern(sure, set(self._locals))
        self._loose = _loose_pattern(names, shown, is_hosted=is_hosted, is_cased=is_cased)

    def local(self, value: object) -> str | None:
        """What takes the place of a value that is somebody's id on this host; None where it is nobody's."""
        return self._locals.get(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else None

    def name(self, value: str) -> str | None:
        """What takes the place of a user name that stands by itself; None where it is nobody's."""
        return self._names.get(self._fold(value.strip()))

    def text(self, words: str, *, is_others: bool = False, same_length: str = "") -> str:
        """`words` without them; as long as before in ``bytes`` or ``characters``, where places in it are told.

        `is_others`: it says who somebody else is, who may have the same user name.
        """
        if self._sure is not None and words:
            words = self._sure.sub(lambda match: _sized(self._for(match), match[0], same_length), words)
        if self._loose is not None and words and not (is_others and self._is_hosted):
            words = self._loose.sub(
                lambda match: _sized(self._names[self._fold(match[0])], match[0], same_length), words
            )
        return words

    def _for(self, match: re.Match[str]) -> str:
        found, local = match[0], match.groupdict().get("local")
        return self._by[found.casefold()] if local is None else found[: -len(local)] + self._locals[local]

    def _strong(self, traces: Traces) -> set[str]:
        told = set[str]()
        for text in traces.strong:
            told |= self._note(*_with_token(text, traces.token))
        for url in traces.urls:
            told |= self._note(url, _url_with_token(url, traces))
        for post in traces.posts:
            told |= self._note(post, post[:-5] + traces.local("0")[-5:])
        return told

    def _note(self, old: str, new: str) -> set[str]:
        """Know `old`, and how it is spelt in an address."""
        spellings = {old: new, quote(old, safe=""): quote(new, safe=""), quote(old, safe=":/@"): quote(new, safe=":/@")}
        for one, other in spellings.items():
            self._by.setdefault(one.casefold(), other)
        return set(spellings)


def is_telling(name: str) -> bool:
    """Whether a name that somebody shows is theirs alone, as far as can be told: a first name is many people's."""
    return len(name) >= LONG and (len(name.split()) >= _MANY_WORDS or bool(_DISTINCT.search(name)))


def is_distinct(name: str) -> bool:
    """Whether a user name is no word, so that it means somebody wherever it stands."""
    return len(name) >= 5 and bool(_DISTINCT.search(name))


def _with_token(text: str, token: str) -> tuple[str, str]:
    """What names somebody everywhere, and the same with the token in it: an address, a DID, a domain."""
    if text.startswith("did:plc:"):
        return text.removeprefix("did:plc:"), token
    if text.startswith("did:"):
        return text, f"did:plc:{token}"
    user, at, host = text.rpartition("@")
    if at and user:
        return text, f"{token}@{host}"
    head, dot, rest = text.partition(".")
    return text, f"{token}.{rest}" if dot and head else token


def _url_with_token(url: str, traces: Traces) -> str:
    parts = urlsplit(url)
    tail = url[url.index(parts.netloc) + len(parts.netloc) :] if parts.netloc else url
    for name in sorted({*traces.names, *(local for _, local in traces.locals), *traces.strong}, key=len, reverse=True):
        place = re.compile(rf"(?<![\w]){re.escape(name)}(?![\w])", re.IGNORECASE)
        if place.search(tail):
            with_token = place.sub(lambda match, name=name: _with_token(name, traces.token)[1], tail)  # type: ignore[misc]
            return url[: len(url) - len(tail)] + with_token
    return f"{parts.scheme}://{parts.netloc}/{traces.token}" if parts.netloc else traces.token


def _pattern(sure: set[str], locals_: set[str]) -> re.Pattern[str] | None:
    ways = []
    if sure:
        ways.append(rf"(?:(?<![\w])|(?<=%[0-9A-F]{{2}}))(?:{_any(sure)})(?![\w])")
    if locals_:
        ways.append(rf"(?:(?<![\w])(?:{_PLACES})(?:[/=]|%2F|%3D)(?P<local>{_any(locals_)})(?![\w]))")
    return re.compile("|".join(ways), re.IGNORECASE) if ways else None


def _loose_pattern(names: set[str], shown: set[str], *, is_hosted: bool, is_cased: bool) -> re.Pattern[str] | None:
    distinct = {name for name in names if is_distinct(name)}
    ways = []
    if distinct:
        before = r"(?<![\w/])(?<!/@)" if is_hosted else r"(?:(?<![\w])|(?<=%[0-9A-F]{2})|(?<=author_))"
        ways.append(rf"{before}(?:{_any(distinct)}){_AFTER if is_hosted else _END}")
    if names:
        before = (
            r"(?:(?<=@)(?<!/@)|(?<=@<span>))"
            if is_hosted
            else r"(?:(?<=[@/])|(?<=%40)|(?<=%2F)|(?<=author_)|(?<==)|(?<==[\"']))"
        )
        ways.append(rf"{before}(?:{_any(names)}){_AFTER if is_hosted else _END}")
    if shown:
        ways.append(rf"(?<![\w])(?:{_any(shown)}){_END}")
    return re.compile("|".join(ways), 0 if is_cased else re.IGNORECASE) if ways else None


def _any(words: set[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _sized(new: str, old: str, same_length: str) -> str:
    if not same_length:
        return new
    plain = new.encode("ascii", "replace").decode()
    length = len(old.encode("utf-8", "replace")) if same_length == "bytes" else len(old)
    return (plain + "x" * length)[:length]
