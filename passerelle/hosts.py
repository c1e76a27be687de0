"""Which hosts may be asked for: a public name, or this machine itself; nothing inside a network, no path."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from passerelle.errors import UsageError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*\.?(:\d{1,5})?|\[[0-9a-f:.]+\](:\d{1,5})?")


def base_url(host: str) -> str:
    """``https://host`` (``http://`` for this machine). Raises UsageError for what is no public host name."""
    plain = _in_ascii(host.strip().lower())
    if not _HOST.fullmatch(plain):
        raise refused(host, "no host name", "ce n'est pas un nom d'hôte")
    name = urlsplit(f"//{plain}").hostname or ""
    if is_loopback(name):
        return f"http://{plain}"
    if is_private(name):
        raise refused(host, "a private address", "c'est une adresse privée")
    return f"https://{plain}"


def _in_ascii(host: str) -> str:
    """A name in Unicode as the protocol writes it (punycode); whatever is none is left for the check that follows."""
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def is_loopback(name: str) -> bool:
    """Whether `name` (no port) is this machine itself."""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_private(name: str) -> bool:
    """Whether `name` is an address that the public internet does not reach."""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return not all(one.is_global and not one.is_multicast for one in _reached(address))


def _reached(address: Address) -> Iterator[Address]:
    """What an address leads to: itself, and in IPv6 the IPv4 one inside it (mapped, 6to4, Teredo, NAT64)."""
    if isinstance(address, ipaddress.IPv4Address):
        yield address
        return
    inside = (address.sixtofour, *(address.teredo or ()), _translated(address))
    yield from filter(None, (address.ipv4_mapped or address, *inside))


def _translated(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None


def refused(host: str, en: str, fr: str) -> UsageError:
    """The error for a `host` that may not be asked, with the reason in both languages."""
    return UsageError(
        en=f"source '{host[:60]}' is refused: {en}; write a public host name such as social.example",
        fr=f"source « {host[:60]} » refusée : {fr} ; écrivez un nom public tel que social.example",
    )


def slug(host: str) -> str:
    """`host` as part of a file name: at most 80 letters, digits, dots and hyphens."""
    return re.sub(r"[^a-z0-9.-]", "-", host.lower()).strip(".-")[:80].strip(".-")
