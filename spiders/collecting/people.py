"""Where answers name people, and by which words one of them is named: what must go when somebody is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from passerelle.erased import as_number

TokenOf = Callable[[str, Collection[str]], str | None]
"""The token of an identity that bears some names, for those who are to be forgotten."""
LONG = 8  # characters from which on an id is looked for anywhere
_UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)
WRITERS = ("account", "author", "creator", "user", "by", "actor", "owner", "from")
"""Under these an object holds who wrote it, on every platform."""
_POST_KEYS = ("id", "uri", "url", "ap_id", "permalink", "link")
_LONG_NUMBER = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How an object names somebody: it holds all of `has`.

    `local` is the key of the server's own id of them, `names` those of user names, `strong` of what names them
    everywhere, `urls` of addresses that lead to them, `shown` of names for people to read.
    """

    has: tuple[str, ...]
    local: str = ""
    names: tuple[str, ...] = ()
    strong: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


@dataclass(slots=True)
class Traces:
    """By which words one account was named. `token` takes their place; `locals` are ids by the host that gave them,
    `posts` long ids of what they wrote, `links` its addresses.
    """

    token: str
    locals: set[tuple[str, str]] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    strong: set[str] = field(default_factory=set)
    urls: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    posts: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)

    def local(self, text: str) -> str:
        """What takes the place of the server's own id."""
        return as_number(self.token) if text.isdigit() else self.token

    def merge(self, other: Traces) -> None:
        """Know what `other` knows too."""
        for name in ("locals", "names", "strong", "urls", "shown", "posts", "links"):
            getattr(self, name).update(getattr(other, name))


@dataclass(frozen=True, slots=True)
class Naming:
    """How a platform's answers name people: `shapes`, who an object with one names, and the keys of its writer's id.

    `repeats` are keys under which an object says again what the first of a list in it says, with the list's key.
    `is_by_id`: what follows the platform in an identity names them everywhere; `is_cased`: the same user name in other
    letter case is somebody else's.

    `person` gives the identity; it raises LookupError, TypeError or ValueError for an object that names nobody.
    """

    shapes: tuple[Shape, ...]
    person: Callable[[dict[str, Any], str], str]
    written_by: tuple[str, ...] = ()
    repeats: tuple[tuple[str, str], ...] = ()
    is_by_id: bool = False
    is_cased: bool = False

    def named(self, found: dict[str, Any], domain: str) -> Iterator[tuple[str, Shape]]:
        """The identity that an object names, by each shape that it has."""
        for shape in self.shapes:
            if all(found.get(key) for key in shape.has):
                try:
                    yield self.person(found, domain), shape
                except _UNREADABLE:
                    continue


def objects_in(payload: Any) -> Iterator[dict[str, Any]]:
    """Every object of a JSON value, outer ones first."""
    waiting = [payload]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += [value for value in one.values() if isinstance(value, dict | list)]
        elif isinstance(one, list):
            waiting += [value for value in one if isinstance(value, dict | list)]


def gather(payload: Any, reading: Naming, host: str, domain: str, token_of: TokenOf) -> dict[str, Traces]:
    """By identity, the words by which `payload` names those for whom `token_of` gives a token."""
    found: dict[str, Traces] = {}
    for one in objects_in(payload):
        for identity, shape in reading.named(one, domain):
            token = token_of(identity, set(_texts(one, (*shape.names, *shape.strong))))
            if token is not None:
                traces = found.setdefault(identity, Traces(token))
                _note(traces, one, shape, identity, host)
                if reading.is_by_id:
                    traces.strong.add(identity.partition(":")[2])
    if found:
        _note_posts(payload, reading, found, host, domain)
    return found


def writes(one: dict[str, Any], reading: Naming, domain: str) -> set[str]:
    """The identities of whom an object names, or of who wrote it, where it holds them as an object."""
    told = {identity for identity, _ in reading.named(one, domain)}
    for inner in writers_in(one):
        told |= {identity for identity, _ in reading.named(inner, domain)}
    return told


def writers_in(one: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What an object holds of who wrote it."""
    for key in WRITERS:
        value = one.get(key)
        yield from (inner for inner in (value if isinstance(value, list) else [value]) if isinstance(inner, dict))


def _note(traces: Traces, one: dict[str, Any], shape: Shape, identity: str, host: str) -> None:
    traces.names.update(name.lstrip("@") for name in _texts(one, shape.names))
    traces.strong.update(_texts(one, shape.strong))
    traces.urls.update(url for url in _texts(one, shape.urls) if urlsplit(url).path.strip("/") or "@" in url)
    traces.shown.update(_texts(one, shape.shown))
    local = one.get(shape.local) if shape.local else None
    if local and isinstance(local, str | int):  # 0 is everybody who has no account
        traces.locals.add((host, str(local)))
    if ":did:" in identity:
        traces.strong.add(identity.partition(":")[2])
    address = identity.removeprefix("acct:")
    if address != identity:
        traces.strong.add(address)
        traces.names.add(address.partition("@")[0])


def _note_posts(payload: Any, reading: Naming, found: dict[str, Traces], host: str, domain: str) -> None:
    for one in objects_in(payload):
        for inner in writers_in(one):
            for identity in {who for who, _ in reading.named(inner, domain)}:
                if identity in found:
                    told = set(_texts(one, _POST_KEYS))
                    found[identity].posts |= {text for text in told if text.isdigit() and len(text) >= _LONG_NUMBER}
                    own = found[identity].names | found[identity].strong
                    found[identity].links |= {text for text in told if _is_own(text, host, own)}


def _is_own(url: str, host: str, names: set[str]) -> bool:
    """Whether an address is that of something on this host, or named after them: a post may lead anywhere."""
    return "://" in url and (urlsplit(url).netloc.lower() == host or any(name in url for name in names))


def _texts(one: dict[str, Any], keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        value = one.get(key)
        value = value.get("$t") if isinstance(value, dict) else value  # how feeds write a text in JSON
        if isinstance(value, str) and value.strip():
            yield value.strip()
