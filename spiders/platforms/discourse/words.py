"""What stands in a post, and in a topic's tags."""

from __future__ import annotations

from parsel import Selector

from passerelle.values import is_identity
from spiders.collecting.paging import whole_number
from spiders.collecting.values import Json, Values

_LIKE = 2


class CookedWords:
    """What a post says, without what it quotes; whom it names, and the first that it quotes (topic, number, name)."""

    def __init__(self, cooked: str) -> None:
        page = Selector(text=cooked or " ", type="html")
        quotes = page.css("aside.quote[data-post][data-topic]")
        told = [tuple(one.attrib.get(f"data-{name}", "") for name in ("topic", "post", "username")) for one in quotes]
        self.quoted = next((one for one in told if whole_number(one[0]) and whole_number(one[1])), None)
        if quotes:
            page.css("aside.quote").drop()
        self.own = "".join(page.xpath("/html/body/node()").getall()) if quotes else cooked
        named = (name.strip().removeprefix("@") for name in page.css("a.mention::text").getall())
        self.mentions = list(dict.fromkeys(named))


def tags_of(topic: Json) -> list[str]:
    """A topic's tags: names, or (since 2026) objects with one."""
    tags = topic.get("tags")
    named = [tag.get("name") if isinstance(tag, dict) else tag for tag in (tags if isinstance(tags, list) else ())]
    return [name for name in named if isinstance(name, str) and name and is_identity(name)]


def likes(values: Values) -> int:
    """How many people like a post; of acts that nobody did nothing is said."""
    found = (one for one in values.objects("actions_summary", "favourites") if one.get("id") == _LIKE)
    return next((values.inside(one).count("count", "favourites") or 0 for one in found), 0)
