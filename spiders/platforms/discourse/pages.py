"""How the lists of a forum go on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

from w3lib.url import url_query_parameter

from spiders.asking.answers import Answer
from spiders.asking.ask import Ask
from spiders.collecting.paging import Page, whole_number
from spiders.collecting.shape import Item
from spiders.collecting.values import id_text, native_id

CHUNK = 20  # posts that a forum gives of a topic at a time
_ACTS = 30  # what it gives of a person's acts at a time
_DEEPEST = 10  # pages of a search


class TopicStream:
    """The posts of one topic: the first come with the numbers of all; the rest is asked for, but what is `known`."""

    def __init__(self, topic: str, known: frozenset[str]) -> None:
        self._topic = topic
        self._known = known
        self._left: list[str] = []
        self._num_wanted: int | None = None

    def next(self, page: Page) -> Sequence[Ask] | None:
        """Those that are still to come."""
        stream = page.answer.payload["post_stream"].get("stream")
        if self._num_wanted is None:
            numbers = [str(number) for number in stream if id_text(number)] if isinstance(stream, list) else []
            shown = {native_id(item) for item in page.items if isinstance(item, dict)}
            hosted = {uri.rpartition("/p/")[2] for uri in self._known if "/p/" in uri}
            self._left = [number for number in numbers if number not in shown and number not in hosted]
            self._num_wanted = len(self._left) + len(shown & set(numbers))
        if not self._left:
            return None
        asked, self._left = self._left[:CHUNK], self._left[CHUNK:]
        query = urlencode([("post_ids[]", number) for number in asked])
        return [page.first.at(f"/t/{quote(self._topic)}/posts.json?{query}")]

    def total(self, answer: Answer) -> int | None:
        """How many posts must have come."""
        return self._num_wanted


def one_or_more(payload: Any) -> Sequence[Item]:
    """A post, or the list of those that answer it."""
    return payload if isinstance(payload, list) else [payload] if payload["post_number"] else []


def more_topics(page: Page) -> Sequence[Ask] | None:
    """The link of the page for people, as data."""
    more = page.answer.payload["topic_list"].get("more_topics_url")
    if not isinstance(more, str) or not more:
        return None
    path, mark, query = more.partition("?")
    return [page.first.at(f"{path.removesuffix('.json')}.json{mark}{query}")]


def older(page: Page) -> Sequence[Ask] | None:
    """By number, as far as a search goes; from there on a search of what was written before the last day shown."""
    told = page.answer.payload.get("grouped_search_result")
    if not isinstance(told, dict) or not told.get("more_full_page_results"):
        return None
    number = whole_number(url_query_parameter(page.answer.url, "page")) or 1
    if number < _DEEPEST:
        return [page.first.at(page.answer.url).having("page", str(number + 1))]
    last = min((str(item["created_at"])[:10] for item in page.items if isinstance(item, dict)), default="")
    query = str(url_query_parameter(page.first.url, "q"))
    return [page.first.having("q", f"{query} before:{last}")] if last else []


def answers(page: Page) -> Sequence[Ask] | None:
    """What answers a post, after the post itself: by the number of the last that came."""
    last = page.items[-1] if page.items else None
    if not isinstance(last, dict) or (isinstance(page.answer.payload, list) and len(page.items) < CHUNK):
        return None
    after = {"after": str(last["post_number"])} if isinstance(page.answer.payload, list) else {}
    first = page.first.at(page.first.url.replace(".json", "/replies.json"))
    return [first.having("after", after["after"]) if after else first]


def by_offset(page: Page) -> Sequence[Ask] | None:
    """By how many have come; a page that is not full is the last."""
    offset = whole_number(url_query_parameter(page.answer.url, "offset")) or 0
    return [page.first.having("offset", str(offset + len(page.items)))] if len(page.items) >= _ACTS else None
