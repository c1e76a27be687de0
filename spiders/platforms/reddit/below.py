"""What is below a post: its comments, and those behind links to more of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from spiders.archives.reddit_threads import ENDLESS, flat
from spiders.asking.answers import Answer
from spiders.asking.ask import Ask
from spiders.collecting.paging import Page
from spiders.collecting.shape import Item, Listing

TOGETHER = 100  # as many comments as are given for one question
RAW = {"raw_json": "1"}  # signs as they were written
_LONG = {"limit": "500", "sort": "old", **RAW}


class CommentsBelow:
    """One walk through the comments of the post `link`, which is `said` to have so many."""

    def __init__(self, link: str, said: int | None) -> None:
        self._link = link
        self._said = said
        self._left: list[str] = []

    def listing(self) -> Listing:
        """The list, whose pages are the thread and then what is behind its links."""
        return Listing(first=thread(self._link), items=self.items, next=self.next, total=self.total)

    def items(self, payload: Any) -> Sequence[Item]:
        """The comments in an answer. Raises one of MALFORMED for what is none."""
        found = list(flat(payload))
        if not found and not (isinstance(payload, dict) and isinstance(payload.get("json"), dict)):
            raise TypeError("no thread")
        links = [data for data in found if isinstance(data, dict) and isinstance(data.get("children"), list)]
        for data in links:
            self._note(data)
        return [data for data in found if data not in links and not self._is_head(data)]

    def next(self, page: Page) -> Sequence[Ask] | None:
        """What is behind the next link."""
        return [page.first.at(self._left.pop(0))] if self._left else None

    def total(self, answer: Answer) -> int | None:
        """How many comments there are said to be."""
        return self._said

    def _is_head(self, data: Item) -> bool:
        return isinstance(data, dict) and self._link == f"t3_{data.get('id')}"

    def _note(self, more: Item) -> None:
        names = [name for name in more["children"] if isinstance(name, str)]
        if more.get("id") == ENDLESS or not names:
            self._left.append(thread(self._link, str(more["parent_id"]).rpartition("_")[2]))
        for start in range(0, len(names), TOGETHER):
            some = {"link_id": self._link, "children": ",".join(names[start : start + TOGETHER]), "api_type": "json"}
            self._left.append(f"/api/morechildren?{urlencode({**some, **RAW}, safe=',')}")


def thread(link: str, comment: str = "") -> str:
    """A post's thread, or what of it is below a comment."""
    below = f"/_/{comment}" if comment else ""
    return f"/comments/{link.rpartition('_')[2]}{below}?{urlencode(_LONG)}"
