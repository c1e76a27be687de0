"""What the Link headers of an answer say of the pages of its list (RFC 8288), in the forms that servers leave them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urljoin, urlsplit

from httplink import Link, parse_link_header

_PAGING = frozenset(("next", "prev", "previous", "first", "last"))
_VALUE = re.compile(r'(?:<[^>]*>|"(?:\\.|[^"\\])*"|[^,<"])+')  # a comma inside <> or quotes separates nothing
_BARE = re.compile(r";\s*[^\s;=\"]+\s*(?=;|$)")  # `; crossorigin`: allowed, but the library wants a value
_EXTENDED = re.compile(r';\s*[\w-]+\*\s*=\s*(?:"[^"]*"|[^;"]*)')  # `title*=…`: of no use here, in any charset


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a list goes on.

    `next_url` is a URL of the server that was asked; `is_paged` tells whether the links speak of the list at all;
    `is_unclear` whether they speak of a next page to which they do not lead.
    """

    next_url: str | None = None
    is_paged: bool = False
    is_unclear: bool = False


def paging(headers: Iterable[str], url: str, base: str) -> Paging:
    """Read the Link `headers` of the answer to `url`, on the server whose base URL is `base`."""
    is_paged = is_unclear = False
    for link in _links(headers):
        if link is None:
            is_unclear = True
        elif _is_of_this_list(link, url):
            is_paged = True
            if "next" in link.rel:
                found = _followed(link.target, url, base)
                if found is not None:
                    return Paging(found, is_paged=True)
                is_unclear = True
    return Paging(None, is_paged, is_unclear)


def related(headers: Iterable[str], relation: str) -> str:
    """The first target that Link `headers` give for `relation`; empty where there is none."""
    found = (link.target for link in _links(headers) if link is not None and relation in link.rel)
    return next(found, "")


def on_our_base(found: str, base: str, *, any_port: bool = False) -> str | None:
    """`found` under the scheme and port of `base`; None for another server.

    A proxy may write http, or leave the port out, or (`any_port`) write the one behind it.
    """
    mine, theirs = urlsplit(base), _split(found)
    if theirs is None or _name(theirs) != _name(mine):
        return None
    if not any_port and theirs.port not in (None, 80, 443, mine.port):
        return None
    return theirs._replace(scheme=mine.scheme, netloc=mine.netloc, fragment="").geturl()


def _links(headers: Iterable[str]) -> Iterator[Link | None]:
    """Every link; None for one of which only this is clear, that it speaks of a next page."""
    for header in headers:
        for piece in _VALUE.findall(header):
            target, bracket, parameters = piece.strip().partition(">")
            try:
                yield from parse_link_header(target + bracket + _BARE.sub("", _EXTENDED.sub("", parameters))).links
            except ValueError:
                if "next" in (parameters if bracket else piece).lower():
                    yield None


def _is_of_this_list(link: Link, url: str) -> bool:
    elsewhere = "anchor" in link and urljoin(url, link["anchor"]) != url
    return not elsewhere and not _PAGING.isdisjoint(link.rel)


def _followed(target: str, url: str, base: str) -> str | None:
    """The next page on our own server, however it is written; None where it leads elsewhere, or to newer items."""
    found = _split(_joined(url, target.replace("&amp;", "&")))
    if found is None or found.scheme not in ("http", "https") or _leads_to_newer(found):
        return None
    ours = on_our_base(found.geturl(), base, any_port=True)
    if ours is not None:
        return ours
    # a proxy that does not know its public name writes another host: our token stays with ours, where the same list is
    if unquote(found.path) != unquote(urlsplit(url).path):
        return None
    mine = urlsplit(base)
    return found._replace(scheme=mine.scheme, netloc=mine.netloc, fragment="").geturl()


def _leads_to_newer(found: SplitResult) -> bool:
    names = parse_qs(found.query, keep_blank_values=True).keys()
    return "max_id" not in names and not names.isdisjoint(("min_id", "since_id"))


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target.strip())
    except ValueError:
        return ""


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        return parts if parts.hostname and parts.port != 0 else None  # a port out of range is an error
    except ValueError:
        return None


def _name(parts: SplitResult) -> str:
    """The host name in the form that stands in the protocol, so that both spellings of a Unicode name are one."""
    name = unquote(parts.hostname or "").rstrip(".").lower()
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name
