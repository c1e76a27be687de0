"""What may be reached, whatever a post or a name server says: no private address, no path in a hashtag."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred

from passerelle.errors import UsageError
from passerelle.hashtags import is_hashtag
from passerelle.hosts import base_url, is_loopback, is_private, refused


class ForbiddenAddressError(OSError):
    """A name that leads to an address inside this machine or its network."""


def home_url(host: str, source: str) -> str:
    """The base URL of an author's home server, named by a post: whoever writes posts may not choose what we reach.

    Only a public host at its usual port; this machine only where the source itself is on it. Raises UsageError.
    """
    base = base_url(host)
    ours = is_loopback(urlsplit(base).hostname or "")
    if ours != is_loopback(urlsplit(base_url(source)).hostname or ""):
        raise refused(host, "not of the source's network", "elle n'est pas du réseau de la source")
    if not ours and urlsplit(base).port is not None:
        raise refused(host, "a home server with a port", "un serveur d'auteur avec un port")
    return base


def hashtag_path(tag: str) -> str:
    """`tag` as one safe part of a URL's path. Raises UsageError for what no server has as a hashtag."""
    if not is_hashtag(tag):
        raise UsageError(
            en=f"'{tag[:40]}' is no hashtag: 1 to 100 letters, digits or _; correct it in the campaign file",
            fr=f"« {tag[:40]} » n'est pas un mot-dièse : de 1 à 100 lettres, chiffres ou _ ; corrigez la campagne",
        )
    return quote(tag, safe="")


class GuardedResolver(CachingThreadedResolver):
    """Resolves names as Scrapy does and refuses private addresses; what it checked is what is connected to."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        """The address of `name`. Fails with ForbiddenAddressError for one inside the network."""
        found = super().getHostByName(name, timeout)
        return found if is_loopback(name) else found.addCallback(_public, name)


def _public(address: str, name: str) -> str:
    if is_private(address):
        raise ForbiddenAddressError(f"{name} leads to the private address {address}")
    return address
