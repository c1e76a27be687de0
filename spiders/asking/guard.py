"""What may be reached, whatever a post or a name server says: no private address, no path in a hashtag."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlsplit
from urllib.request import getproxies

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from passerelle.addresses import KINDS, NO_ADDRESS, inside, parsed
from passerelle.errors import UsageError
from passerelle.hashtags import is_hashtag
from passerelle.hosts import base_url, is_loopback, refused

FORBIDDEN = "forbidden_address"
"""The vault's word for what the guard refused."""


class ForbiddenAddressError(DNSLookupError):
    """A name that leads to an address inside this machine or its network, or a proxy that would look it up for us."""

    def __str__(self) -> str:
        return str(self.args[0])


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


def may_be_asked(url: str, proxy: str | None, *, is_here: bool) -> None:
    """Look at a request a last time before it leaves, whoever made it.

    A proxy would look names up where nobody checks where they lead: there is none. This machine is asked only where the
    run's source is on it (`is_here`). Raises ForbiddenAddressError.
    """
    if proxy:
        raise ForbiddenAddressError(f"no proxy is used ({urlsplit(proxy).hostname or proxy[:60]})")
    try:
        name = urlsplit(base_url(urlsplit(url).netloc)).hostname or ""
    except UsageError as error:
        raise ForbiddenAddressError(error.en) from None
    if is_loopback(name) and not is_here:
        raise ForbiddenAddressError(f"{name} is this machine")


def public(address: str, name: str) -> str:
    """`address`, to which `name` leads, if it is public. Raises ForbiddenAddressError, which names its kind."""
    known = parsed(address)
    kind = inside(known) if known else NO_ADDRESS
    if kind and not is_loopback(name):
        raise ForbiddenAddressError(f"{name} leads to {address}, {kind[0]}")
    return address


def proxies() -> dict[str, str]:
    """Proxies that the environment names, by scheme: they are not used, which is worth saying."""
    return {scheme: url for scheme, url in getproxies().items() if scheme in ("http", "https", "all")}


def reason_in_french(reason: str) -> str:
    """What the guard says, in French."""
    for en, fr in (*KINDS, *_SAID):
        reason = reason.replace(en, fr)
    return reason


_SAID = (
    (" leads to ", " mène à "),
    (" is this machine", " est cette machine"),
    ("no proxy is used", "aucun serveur mandataire n'est utilisé"),
    (" is refused: ", " est refusée : "),
    ("; write a public host name such as social.example", " ; écrivez un nom public tel que social.example"),
    ("an address in an unusual form", "une adresse sous une forme inhabituelle"),
    ("no host name", "pas un nom d'hôte"),
)


REFUSED: dict[str, str] = {}
"""Why names were refused, by name: the client between tells of an address that it was not given, not why."""


class GuardedResolver(CachingThreadedResolver):
    """Resolves names as Scrapy does and refuses private addresses; what it checked is what is connected to."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        """The address of `name`. Fails with ForbiddenAddressError for one inside the network."""
        REFUSED.pop(name, None)
        return super().getHostByName(name, timeout).addCallback(_noted, name)


def _noted(address: str, name: str) -> str:
    try:
        return public(address, name)
    except ForbiddenAddressError as error:
        REFUSED[name] = str(error)
        raise
