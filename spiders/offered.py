"""What a platform offers beside the posts of a hashtag, told by what its class says for itself."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

import spiders.platforms
from spiders.collecting.shape import Platform
from spiders.collecting.spider import PlatformSpider

OFFERS = ("thread", "engagement", "quotes", "acts", "history")
"""Methods of :class:`Platform` that a platform may have: threads, who reposted, quotes, times of reposts, history."""


def offered(name: str) -> tuple[str, ...]:
    """Those of `OFFERS` that the platform `name` has. Raises KeyError for a name that is no platform."""
    platform = platforms()[name]
    has = {offer for offer in OFFERS if getattr(platform, offer) is not getattr(Platform, offer)}
    has |= {"acts"} if platform.tells_times else set()
    return tuple(offer for offer in OFFERS if offer in has)


def platforms() -> dict[str, type[Platform]]:
    """The class of each platform, by its name."""
    places = walk_packages(spiders.platforms.__path__, "spiders.platforms.")
    found = [value for place in places for value in vars(import_module(place.name)).values()]
    opened = [kind.opened for kind in found if _is_spider(kind)]
    return {platform.name: platform for platform in (getattr(way, "__self__", way) for way in opened)}


def _is_spider(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, PlatformSpider) and kind is not PlatformSpider
