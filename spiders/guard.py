"""Which hosts and hashtags may be asked for: no private address, no plain http beyond this machine, no path."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred

from passerelle.errors import UsageError

_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*\.?(:\d{1,5})?|\[[0-9a-f:.]+\](:\d{1,5})?")


class ForbiddenAddressError(OSError):
    """A name that leads to an address inside this machine or its network."""


def base_url(host: str) -> str:
    """``https://host`` (``http://`` for this machine). Raises UsageError for what is no public host name."""
    plain = host.strip().lower()
    if not _HOST.fullmatch(plain):
        raise _refused(host, "no host name", "ce n'est pas un nom d'hôte")
    name = urlsplit(f"//{plain}").hostname or ""
    if is_loopback(name):
        return f"http://{plain}"
    if _is_private(name):
        raise _refused(host, "a private address", "c'est une adresse privée")
    return f"https://{plain}"


def home_url(host: str, source: str) -> str:
    """The base URL of an author's home server, named by a post: whoever writes posts may not choose what we reach.

    Only a public host at its usual port; this machine only where the source itself is on it. Raises UsageError.
    """
    base = base_url(host)
    ours = is_loopback(urlsplit(base).hostname or "")
    if ours != is_loopback(urlsplit(base_url(source)).hostname or ""):
        raise _refused(host, "not of the source's network", "elle n'est pas du réseau de la source")
    if not ours and urlsplit(base).port is not None:
        raise _refused(host, "a home server with a port", "un serveur d'auteur avec un port")
    return base


def hashtag_path(tag: str) -> str:
    """`tag` as one safe part of a URL's path. Raises UsageError for what no server has as a hashtag."""
    if not re.fullmatch(r"\w{1,100}", tag):
        raise UsageError(
            en=f"'{tag[:40]}' is no hashtag: 1 to 100 letters, digits or _; correct it in the campaign file",
            fr=f"« {tag[:40]} » n'est pas un mot-dièse : de 1 à 100 lettres, chiffres ou _ ; corrigez la campagne",
        )
    return quote(tag, safe="")


def is_loopback(name: str) -> bool:
    """Whether `name` (no port) is this machine itself."""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _is_private(name: str) -> bool:
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return not (mapped or address).is_global


class GuardedResolver(CachingThreadedResolver):
    """Resolves names as Scrapy does and refuses private addresses; what it checked is what is connected to."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        """The address of `name`. Fails with ForbiddenAddressError for one inside the network."""
        found = super().getHostByName(name, timeout)
        return found if is_loopback(name) else found.addCallback(_public, name)


def _public(address: str, name: str) -> str:
    if _is_private(address):
        raise ForbiddenAddressError(f"{name} leads to the private address {address}")
    return address


def _refused(host: str, en: str, fr: str) -> UsageError:
    return UsageError(
        en=f"source '{host[:60]}' is refused: {en}; write a public host name such as mastodon.social",
        fr=f"source « {host[:60]} » refusée : {fr} ; écrivez un nom public tel que mastodon.social",
    )
