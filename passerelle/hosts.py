"""Which hosts may be asked for: a public name, or this machine itself; nothing inside a network, no path."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from passerelle.addresses import inside, is_odd, parsed
from passerelle.errors import UsageError

_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*\.?(:\d{1,5})?|\[[0-9a-f:.]+\](:\d{1,5})?")


def base_url(host: str) -> str:
    """``https://host`` (``http://`` for this machine). Raises UsageError for what is no public host name."""
    plain = _in_ascii(host.strip().lower())
    if not _HOST.fullmatch(plain):
        raise refused(host, "no host name", "pas un nom d'hôte")
    name = urlsplit(f"//{plain}").hostname or ""
    if is_loopback(name):
        return f"http://{plain}"
    if is_odd(name):
        raise refused(host, "an address in an unusual form", "une adresse sous une forme inhabituelle")
    if (address := parsed(name.rstrip("."))) and (kind := inside(address)):
        raise refused(host, *kind)
    return f"https://{plain}"


def _in_ascii(host: str) -> str:
    """A name in Unicode as the protocol writes it (punycode); whatever is none is left for the check that follows."""
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def is_loopback(name: str) -> bool:
    """Whether `name` (no port) is this machine itself."""
    address = parsed(name)
    return name == "localhost" or (address is not None and address.is_loopback)


def refused(host: str, en: str, fr: str) -> UsageError:
    """The error for a `host` that may not be asked, with the reason in both languages."""
    return UsageError(
        en=f"source '{host[:60]}' is refused: {en}; write a public host name such as social.example",
        fr=f"source « {host[:60]} » refusée : {fr} ; écrivez un nom public tel que social.example",
    )


def slug(host: str) -> str:
    """`host` as part of a file name: at most 80 letters, digits, dots and hyphens."""
    return re.sub(r"[^a-z0-9.-]", "-", host.lower()).strip(".-")[:80].strip(".-")
