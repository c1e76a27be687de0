"""The comments below a video: pages of those at the top, each with up to five answers, and the pages of the others.

What could not be asked for any more, for want of units, is kept in the crawl state: the next run goes on from there,
then looks at the newest, back to what is known.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, MutableMapping, Sequence
from typing import Any
from urllib.parse import urlencode

from w3lib.url import add_or_replace_parameter

from spiders.asking.answers import Answer
from spiders.asking.ask import Ask
from spiders.collecting.paging import Page
from spiders.collecting.shape import Item, Listing, under
from spiders.collecting.values import Json, id_text, native_id
from spiders.platforms.youtube.search import API, STALE

PAGE = 100
DISABLED = "comments disabled"
_KEPT = "comments "
_MAX_EMPTY = 8  # pages in a row that name a next one
_MOST = 100_000  # pages: what may be spent ends it
_PLAIN = {"maxResults": str(PAGE), "textFormat": "plainText"}


def threads(video: str) -> str:
    """What the comments at the top of a video, newest first, are asked for by."""
    return f"{API}/commentThreads?{urlencode({'part': 'snippet,replies', 'videoId': video, 'order': 'time', **_PLAIN})}"


def exists(video: str) -> str:
    """What tells of a video that nothing shows whether it is gone."""
    return f"{API}/commentThreads?{urlencode({'part': 'snippet', 'videoId': video})}"


def answers(top: str) -> str:
    """What all answers to a comment are asked for by."""
    return f"{API}/comments?{urlencode({'part': 'snippet', 'parentId': top, **_PLAIN})}"


def some(ids: Sequence[str]) -> str:
    """What some comments are asked for by."""
    asked = {"part": "snippet", "id": ",".join(ids), "textFormat": "plainText"}
    return f"{API}/comments?{urlencode(asked)}"


def flat(payload: Any) -> list[Item]:
    """The comments of an answer: those at the top with how many answers they have, then the answers that came along."""
    found = list[Item]()
    for item in under("items")(payload):
        if not isinstance(item, dict) or not isinstance(item.get("snippet"), dict):
            found.append(item)  # let `read` say what is wrong with it
        elif "topLevelComment" not in item["snippet"]:
            found.append(item)
        else:
            found += _of_thread(item)
    return found


def _of_thread(thread: Json) -> Iterator[Item]:
    snippet = thread["snippet"]
    top, inside = snippet["topLevelComment"], thread.get("replies")
    if isinstance(top, dict) and isinstance(top.get("snippet"), dict):
        known = {"videoId": snippet.get("videoId"), "totalReplyCount": snippet.get("totalReplyCount")}
        top = {**top, "snippet": {**known, **top["snippet"]}}
    yield top
    listed = inside.get("comments") if isinstance(inside, dict) else None
    yield from listed if isinstance(listed, list) else ()


class Below:
    """The comments below `video`; `said` is how many there are, `known` are those that were read in other runs."""

    def __init__(self, video: str, said: int | None, kept: MutableMapping[str, str], known: Collection[str]) -> None:
        self._key, self._kept, self._known = _KEPT + video, kept, known
        self._left = set(known)  # and not shown again
        self._newest = threads(video)
        self._said = said
        left = json.loads(kept[self._key]) if self._key in kept else []
        self._is_resumed, self._is_new, self._num_empty = bool(left), False, 0
        self._queue: list[str] = [*left, self._newest] if left else [self._newest]

    def listing(self) -> Listing:
        """The list, which begins where the last run had to stop."""
        first = self._queue.pop(0)
        total, edge = self.total, lambda payload: ()
        return Listing(
            first=first, items=self._items, next=self.next, max_pages=_MOST, total=total, edge=edge, of_several=True
        )

    def next(self, page: Page) -> Sequence[Ask] | None:
        """Answers that did not come along, then the next page; what is left is kept until it is asked for."""
        self._queue = [*self._onward(page), *self._queue]
        if not self._queue:
            self._kept.pop(self._key, None)
            return None
        self._kept[self._key] = json.dumps(self._queue)
        return [page.first.at(self._queue.pop(0))]

    def total(self, answer: Answer) -> int | None:
        """How many comments must come: none where nobody may write any, and not those that an earlier run has read."""
        if DISABLED in answer.payload:
            return 0
        return None if self._said is None else max(0, self._said - (len(self._left) if self._is_resumed else 0))

    def _items(self, payload: Any) -> Sequence[Item]:
        items = flat(payload)
        self._left -= {native_id(item) for item in items if isinstance(item, dict)}
        return items

    def _onward(self, page: Page) -> Iterator[str]:
        url, payload = page.answer.url, page.answer.payload
        if STALE in payload:
            self._is_resumed = False
            yield self._newest
        items = [item for item in payload["items"] if isinstance(item, dict)]
        self._is_new |= self._is_resumed and url.endswith(self._newest)
        unknown = [item for item in items if not (self._is_new and native_id(item) in self._known)]
        yield from (answers(top) for top in filter(None, map(_cut, unknown)))
        token = payload.get("nextPageToken")
        self._num_empty = 0 if items else self._num_empty + 1
        if isinstance(token, str) and token and (unknown or not items) and self._num_empty < _MAX_EMPTY:
            yield str(add_or_replace_parameter(url, "pageToken", token))


def _cut(thread: Json) -> str | None:
    """The comment at the top of a thread that has more answers than came along."""
    snippet, inside = thread.get("snippet"), thread.get("replies")
    said = snippet.get("totalReplyCount") if isinstance(snippet, dict) else None
    listed = inside.get("comments") if isinstance(inside, dict) else None
    came = len(listed) if isinstance(listed, list) else 0
    is_cut = isinstance(said, int) and not isinstance(said, bool) and said > came
    return id_text(thread.get("id")) if is_cut else None
