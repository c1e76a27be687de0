"""Identities of posts and people as files write them, one spelling for all."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from spiders.archives.fields import FieldError

NO_SERVER = "names no server (user@server)"
_REDDIT = re.compile(r"t[1-6]_([0-9a-z]{2,13})\Z")
_TWEET = re.compile(
    r"(?:tweet|twitter|status|id|tag:search\.twitter\.com,2005):(?:@)?(\d+)\Z|x(\d{5,})\Z", re.IGNORECASE
)
_STATUS = re.compile(r"https?://(?:www\.|mobile\.|m\.)?(?:twitter|x)\.com/[^/]+/status(?:es)?/(\d+)", re.IGNORECASE)
_PROFILE = re.compile(r"(?:acct:|https?://([^/]+)/(?:@|users/|u/))", re.IGNORECASE)
_TWITTER = frozenset({"twitter", "x"})
_URN = re.compile(
    r"urn:li:comment:\(.*?(\d{6,}),(?:urn:li:comment:)?(\d{6,})\)|urn:li:(activity|share|ugcPost):(\d{6,})"
)
_SHORTCODE = re.compile(r"https?://(?:www\.)?instagram\.com/(?:[^/]+/)?(?:p|reel|tv)/([\w-]+)")
_PAGES = re.compile(r"https?://(?:[a-z-]+\.)*(?:facebook|instagram|linkedin)\.com/", re.IGNORECASE)
_NUMBERED = re.compile(r"profile\.php\?(?:.*&)?id=(\d+)")


def post_identity(platform: str, value: str) -> str:
    """Canonical identity of a post: its URI where `value` is one, else platform and id without a prefix."""
    if found := _TWEET.match(value):
        value = found[1] or found[2]
    elif (found := _REDDIT.match(value)) or (platform in _TWITTER and (found := _STATUS.match(value))):
        value = found[1]
    elif _URN.search(plain := unquote(value)):
        value = _of_urn(plain)
    elif found := _SHORTCODE.match(value):
        value = found[1]
    if "://" in value:
        return value
    return value if value.startswith(f"{platform}:") else f"{platform}:{value}"


def _of_urn(text: str) -> str:
    """One spelling of LinkedIn's names of posts and comments, which stand in addresses too; the last one counts."""
    *_, found = _URN.finditer(text)
    return f"{found[3]}:{found[4]}" if found[3] else f"comment:{found[1]}:{found[2]}"


def _of_page(text: str) -> str:
    """The name in the address of a profile; a number where it has no name."""
    path = _PAGES.sub("", text)
    numbered = _NUMBERED.match(path)
    return numbered[1] if numbered else unquote(re.split(r"[?#]", path)[0]).strip("/").lower()


def account_identity(platform: str, value: str, host: str | None = None) -> str:
    """Canonical identity of an account: ``acct:user@host`` in the Mastodon family, else platform and id.

    `host` completes a name of the Mastodon family without server. Raises ValueError for one that nothing completes.
    """
    name = value.lstrip("@")
    if platform == "mastodon":
        return f"acct:{address(name, host)}"
    if _PAGES.match(name):
        name = _of_page(name)
    elif found := _TWEET.match(name):
        name = found[1] or found[2]
    elif found := _REDDIT.match(name):
        name = found[1]
    elif platform == "reddit":
        name = re.sub(r"^/?u/", "", name)
    return name if name.startswith(f"{platform}:") else f"{platform}:{name}"


def address(name: str, host: str | None = None) -> str:
    """``user@host`` of a name, an address or a profile's page in the Mastodon family. Raises ValueError."""
    if found := _PROFILE.match(name):
        name, host = name[found.end() :].strip("/@"), found[1] or host
    if "@" not in name:
        if not host:
            raise FieldError("", NO_SERVER)
        name = f"{name}@{host}"
    return name.lower()


def host_of(url: object) -> str | None:
    """The server of an address; null for what is none."""
    try:
        return urlsplit(url).hostname if isinstance(url, str) else None
    except ValueError:
        return None


def handle(platform: str, name: str) -> str:
    """A handle as it is hidden: ``<platform>:@name``."""
    return f"{platform}:@{name.lstrip('@')}"
