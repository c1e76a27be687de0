"""Hacker News: the index at hn.algolia.com for words and threads, the site's own feed for one thing at a time.

A hashtag is a word, whole and in any letter case, with ``#`` or without: nobody writes one there. What holds it itself
is the campaign's, not what stands under a title that does. An index proves nothing about what it does not show
(coverage ``search``). It gives 1,000 hits a question: older ones are asked for by time, the second at the border twice.

A thread is a tree, which lacks the replies of deleted comments, and where it is not whole the flat list that has them.
A comment without author and text was deleted; points are of stories only. Names are told apart by letter case.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import quote, urlencode, urlsplit

from w3lib.url import url_query_parameter

from passerelle.errors import UsageError
from passerelle.hashtags import fold_hashtag, hashtags_in
from passerelle.records import AccountRecord, DeletionRecord, PostRecord
from passerelle.values import UnkeptError, is_identity, wrong_time
from spiders.asking.answers import Answer
from spiders.asking.api import Api
from spiders.asking.ask import Ask
from spiders.asking.guard import hashtag_path
from spiders.asking.run import Run
from spiders.collecting.names import LocalNames
from spiders.collecting.paging import Page, whole_number
from spiders.collecting.people import Naming, Shape
from spiders.collecting.shape import Item, Listing, Platform, Seen, under, whole
from spiders.collecting.spider import PlatformSpider
from spiders.collecting.state import CrawlState
from spiders.collecting.values import Json, Values, id_text
from spiders.collecting.words import shown_words

NAME = "hackernews"
PAGE = 1000  # hits: as many as come for one question, in however many pages
_INDEX, _FEED = "hn.algolia.com", "hacker-news.firebaseio.com"
_LINK, _WORD = re.compile(r"\w+://\S+"), re.compile(r"\w+")


class HackerNames(LocalNames):
    """A story is ``1``, a comment below it ``1/2``; both are named by the address of their last number."""

    platform: ClassVar[str] = NAME

    def stand_in(self, native: str) -> str:
        """The address, whether it was shown or not."""
        return f"https://news.ycombinator.com/item?id={native.rpartition('/')[2]}"

    def is_own(self, uri: str) -> bool:
        """There is one site."""
        return True


class HackerNews(Platform):
    """The site, by its index."""

    name: ClassVar[str] = NAME
    people: ClassVar[Naming] = Naming(
        shapes=(Shape(has=("author",), names=("author",)), Shape(has=("by",), names=("by",))),
        person=lambda found, _: f"{NAME}:{found.get('author') or found['by']}",
        is_cased=True,
    )

    def __init__(self, run: Run, state: CrawlState, shown: MutableMapping[str, str]) -> None:
        self.names = HackerNames(run.source, run.source, shown, dict(state.accounts))
        self._run = run
        self._followed = state.posts
        self._natives = {native.rpartition("/")[2]: native for native in state.posts}  # of what the feed is asked for
        self._said: dict[str, int | None] = {}  # how many comments stories are said to have

    async def greet(self, api: Api) -> None:
        """Nothing is to be learnt; neither the site nor its feed can be searched."""
        if self._run.source in ("news.ycombinator.com", _FEED):
            raise UsageError(
                en=f'{self._run.source} cannot be searched; write host = "{_INDEX}" for this source',
                fr=f'{self._run.source} ne permet pas de recherche ; écrivez host = "{_INDEX}" pour cette source',
            )

    def doors(self, tag: str) -> Iterable[str]:
        """The search."""
        hashtag_path(tag)
        return [_search(query=tag, tags="(story,comment)")]

    async def hashtag(self, api: Api, tag: str) -> Sequence[Listing]:
        """Stories and comments, newest first."""
        most = self._run.campaign.collect.max_pages
        (first,) = self.doors(tag)
        return [Listing(first=first, items=under("hits"), next=_older, max_pages=most, is_search=True)]

    def post(self, native: str) -> Ask:
        """A story or a comment, of the site's own feed: the index may not know yet that it is gone."""
        number = native.rpartition("/")[2]
        self._natives[number] = native
        return Ask(f"https://{_FEED}/v0/item/{quote(number)}.json", with_session=False)

    def thread(self, native: str) -> Listing | None:
        """What is below a story, or below a comment under a story that is not the campaign's."""
        story, _, comment = native.partition("/")
        if comment and story in self._followed:
            return None
        below = _Below(native, self._said.get(native))
        return Listing(
            first=f"/api/v1/items/{quote(comment or story)}", items=below.items, next=below.next, total=below.total
        )

    def history(self, local: str) -> Listing:
        """An account's stories and comments."""
        most = self._run.campaign.collect.history_max_pages
        first = _search(tags=f"(story,comment),author_{local}")
        return Listing(first=first, items=under("hits"), next=_older, max_pages=most)

    def judge(self, answer: Answer) -> Answer:
        """The feed says of what is gone that it is nothing, or deleted; it has no status for that."""
        if urlsplit(answer.url).netloc != _FEED:
            return answer
        if answer.outcome == "gone":
            return replace(answer, outcome="refused", of_one=True)
        told = answer.payload if isinstance(answer.payload, dict) else {}
        is_gone = answer.outcome == "ok" and (answer.payload is None or told.get("deleted") is True)
        return replace(answer, outcome="gone") if is_gone else answer

    def native(self, item: Item) -> str | None:
        """``STORY`` or ``STORY/COMMENT``."""
        number = id_text(item.get("objectID") or item.get("id"))
        if number is None or "time" in item:
            return self._natives.get(number or "", number)
        story = id_text(item.get("story_id"))
        return number if story in (None, number) else f"{story}/{number}"

    def created_at(self, item: Item) -> datetime:
        """When it was written."""
        found = datetime.fromtimestamp(int(item["time" if "time" in item else "created_at_i"]), UTC)
        if wrong := wrong_time(found):
            raise ValueError(wrong)
        return found

    def hashtags(self, item: Item) -> Sequence[str]:
        """Those written with their sign, and the campaign's as words."""
        words = _LINK.sub(" ", shown_words(_words(Values(item, []))))
        named = [word for word in _WORD.findall(words) if fold_hashtag(word) in self.names.tags]
        return list(dict.fromkeys([*hashtags_in(words), *named]))

    def learn(self, item: Item) -> None:
        """What it is called, who wrote it, and how many comments it is said to have."""
        native = self.native(item)
        if native is None:
            raise UnkeptError("post without id")
        self.names.posts[native] = self.names.stand_in(native)
        if (author := _author(item)) and is_identity(author):
            self.names.authors[native] = self.names.accounts[author] = f"{NAME}:{author}"
        if "num_comments" in item or "descendants" in item:
            self._said[native] = _comments(Values(item, []))

    def read(self, item: Item, at: datetime) -> Iterator[Seen]:
        """A story or a comment, and who wrote it; that it was deleted, or killed by others."""
        native, left_out = self.native(item) or "", list[str]()
        if _is_deleted(item):
            gone = DeletionRecord(platform=NAME, post=self.names.post(native), captured_at=at, source=self.names.host)
            yield Seen(role="gone", record=gone, native=native)
            return
        if item.get("dead") is True:
            yield Seen(role="withheld", native=native)
            return
        name = _author(item)
        if not name or not is_identity(name):
            raise UnkeptError("post without author")
        values, author, parent = Values(item, left_out), f"{NAME}:{name}", _parent(item, native)
        is_story = "/" not in native
        record = PostRecord(
            platform=NAME,
            post=self.names.post(native),
            author=author,
            created_at=self.created_at(item),
            captured_at=at,
            source=self.names.host,
            text=_words(values),
            text_format="html",
            hashtags=tuple(self.hashtags(item)),
            reply_to=parent and self.names.post(parent),
            reply_to_author=self.names.authors.get(parent or ""),
            root=None if is_story else self.names.post(native.partition("/")[0]),
            replies=_comments(values),
            favourites=values.count("score" if "time" in item else "points", "favourites") if is_story else None,
            where=f"{self.names.host}/{native}",
            left_out=tuple(left_out),
        )
        account = AccountRecord(
            platform=NAME, account=author, handle=f"{NAME}:@{name}", captured_at=at, source=self.names.host
        )
        yield Seen(role="post", account=account, record=record, native=native, local=name, parent=parent)


class HackerNewsSpider(PlatformSpider):
    """One crawl of the site."""

    name = NAME
    opened = HackerNews


class _Below:
    """What is below a story or a comment: of its tree, then of the flat list of its story where that is not all."""

    def __init__(self, native: str, said: int | None) -> None:
        self._story, _, self._comment = native.partition("/")
        self._ids = {self._comment or self._story}
        self._num_deleted = 0
        self._said = said

    def items(self, payload: Any) -> Sequence[Item]:
        """What an answer holds of it."""
        if "hits" in payload:  # newest first: what is answered is older
            return [hit for hit in reversed(whole(payload["hits"])) if self._is_below(hit)]
        found = _descendants(payload)
        nodes = [node for node in found if isinstance(node, dict)]
        self._num_deleted = sum(map(_is_deleted, nodes))
        self._ids.update(filter(None, (id_text(node.get("id")) for node in nodes)))
        return found

    def next(self, page: Page) -> Sequence[Ask] | None:
        """The flat list, where there is more than the tree shows; then its pages."""
        if "hits" in page.answer.payload:
            return _older(page, page.answer.payload["hits"])
        living = len(page.items) - self._num_deleted
        is_whole = not self._num_deleted if self._said is None else living >= self._said
        flat = _search(tags=f"comment,story_{self._story}")
        return None if is_whole else [page.first.at(flat)]

    def total(self, answer: Answer) -> int | None:
        """How many must have come: those that are said to live, and those that do not any more."""
        return None if self._said is None else self._said + self._num_deleted

    def _is_below(self, hit: Item) -> bool:
        if not isinstance(hit, dict):
            return True  # let `read` say what is wrong with it
        is_below = not self._comment or id_text(hit.get("parent_id")) in self._ids
        number = id_text(hit.get("objectID"))
        if is_below and number:
            self._ids.add(number)
        return is_below and number != self._comment


def _search(**query: str) -> str:
    return f"/api/v1/search_by_date?{urlencode({**query, 'hitsPerPage': str(PAGE), 'page': '0'}, safe='(),')}"


def _older(page: Page, hits: Sequence[Item] | None = None) -> Sequence[Ask] | None:
    """By number; where a question gives no more, by the time of the oldest that came."""
    values = Values(page.answer.payload, [])
    number = whole_number(url_query_parameter(page.answer.url, "page")) or 0
    if number + 1 < (values.count("nbPages", "") or 0):
        return [page.first.at(page.answer.url).having("page", str(number + 1))]
    reached = (number + 1) * (values.count("hitsPerPage", "") or PAGE)
    if (values.count("nbHits", "") or 0) <= reached:
        return None
    times = [hit.get("created_at_i") for hit in hits or page.items if isinstance(hit, dict)]
    oldest = min((at for at in times if isinstance(at, int)), default=None)
    asked = page.first.at(page.answer.url).having("page", "0")
    return [asked.having("numericFilters", f"created_at_i<={oldest}")] if oldest is not None else []


def _descendants(node: Json) -> list[Item]:
    """All that is below `node` in its tree, what is answered before what answers it."""
    found, left = list[Item](), list(whole(node["children"]))[::-1]
    while left:
        child = left.pop()
        found.append(child)
        children = child.get("children") if isinstance(child, dict) else None
        left += children[::-1] if isinstance(children, list) else []
    return found


def _author(item: Json) -> str:
    told = item.get("by" if "time" in item else "author")
    return told if isinstance(told, str) else ""


def _is_deleted(item: Json) -> bool:
    """Whether nothing is left of a comment but its place, which a story with a link and no words is not."""
    is_empty = item.get("type") == "comment" and item.get("author") is None and item.get("text") is None
    return item.get("deleted") is True or (is_empty and "time" not in item)


def _comments(values: Values) -> int | None:
    found = values.count("num_comments", "replies")
    return values.count("descendants", "replies") if found is None else found


def _parent(item: Json, native: str) -> str | None:
    """What a comment answers."""
    story, _, comment = native.partition("/")
    number = id_text(item.get("parent" if "time" in item else "parent_id"))
    if not comment or number is None:
        return None
    return story if number == story else f"{story}/{number}"


def _words(values: Values) -> str:
    """A story's title, as a paragraph, and the text, whichever answer it stands in."""
    title = values.text("title", "text")
    text = next(filter(None, (values.text(name, "text") for name in ("comment_text", "story_text", "text"))), "")
    return (f"<p>{html.escape(html.unescape(title))}</p>" if title else "") + text
