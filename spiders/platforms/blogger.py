"""Blogger by its feeds: a hashtag is a label of posts, or a word in comments; a thread is a post's comments.

A person is a Google profile, or a guest's name on one blog (letter case ignored); a guest without a name is somebody
else in each comment. Feeds show no reposts, and nobody's history.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from passerelle.hashtags import fold_hashtag, hashtags_in
from passerelle.records import AccountRecord, DeletionRecord, PostRecord
from passerelle.values import UnkeptError, is_identity
from spiders.asking.answers import Answer
from spiders.asking.api import Api
from spiders.asking.ask import Ask
from spiders.asking.guard import hashtag_path
from spiders.asking.run import Run
from spiders.collecting.guests import guest, is_nobody
from spiders.collecting.names import LocalNames
from spiders.collecting.paging import Page, whole_number
from spiders.collecting.people import Naming, Shape
from spiders.collecting.shape import Item, Listing, Platform, Seen
from spiders.collecting.spider import PlatformSpider
from spiders.collecting.state import CrawlState
from spiders.collecting.values import Json, Values, moment
from spiders.collecting.words import shown_words

NAME = "blogger"
PAGE = 150  # as many as come, whatever is asked for
_NAMED = re.compile(r"tag:blogger\.com,1999:blog-(\d+)\.post-(\d+)")
_PROFILE = re.compile(r"https?://(?:www\.)?blogger\.com/(profile/\d+)|https?://(plus)\.google\.com/(\d+)")
_ANSWERED = re.compile(r"/comments/default/(\d+)")
_REMOVED = "blogger.contentRemoved"
_KIND = "g/2005#kind"  # a category that says what an entry is, no label


class BloggerNames(LocalNames):
    """The ids of one blog: a post is ``1``, a comment on it ``1/2``. Both are named alike, by blog and last number."""

    platform: ClassVar[str] = NAME
    blog: str = ""

    def stand_in(self, native: str) -> str:
        """What will name a post once it is shown; it wants the blog's number."""
        number = native.rpartition("/")[2]
        return f"tag:blogger.com,1999:blog-{self.blog}.post-{number}" if self.blog else super().stand_in(native)


class Blogger(Platform):
    """One blog."""

    name: ClassVar[str] = NAME
    people: ClassVar[Naming] = Naming(
        shapes=(
            Shape(has=("name", "email"), names=("name",), urls=("uri",), shown=("name",)),
            Shape(has=("name", "uri"), names=("name",), urls=("uri",), shown=("name",)),
        ),
        person=lambda author, host: _identity(Values(author, []), host, ""),
    )

    def __init__(self, run: Run, state: CrawlState, shown: MutableMapping[str, str]) -> None:
        self.names = BloggerNames(run.source, run.source, shown, dict(state.accounts))
        self._run = run
        self._followed = state.posts
        self._tagged: set[str] = set()  # posts that carry the label, of this run
        self._learn_blog(next(iter(state.posts.values()), ""))

    def doors(self, tag: str) -> Iterable[str]:
        """The feed of the label, spelt as in the campaign file: labels differ by letter case."""
        hashtag_path(tag)
        return [_feed(f"posts/default/-/{quote(tag, safe='')}")]

    async def hashtag(self, api: Api, tag: str) -> Sequence[Listing]:
        """Posts under the label, and the blog's comments: those under such posts, and those that hold the word."""
        most = self._run.campaign.collect.max_pages
        (labelled,) = self.doors(tag)
        comments = _feed("comments/default", orderby="published")
        return [
            Listing(first=labelled, items=_entries, next=_next, max_pages=most),
            Listing(first=comments, items=_entries, next=_next, max_pages=most, part="comments", by_words=True),
        ]

    def post(self, native: str) -> str:
        """A post or a comment."""
        post, _, comment = native.partition("/")
        return (
            f"/feeds/{post}/comments/default/{comment}?alt=json" if comment else f"/feeds/posts/default/{post}?alt=json"
        )

    def thread(self, native: str) -> Listing | None:
        """The comments of a post, all in one list; a comment has none of its own."""
        if "/" in native:
            return None
        first = _feed(f"{native}/comments/default", orderby="published")
        return Listing(first=first, items=_entries, next=_next, total=_total)

    def native(self, item: Item) -> str:
        """``POST`` or ``POST/COMMENT``."""
        entry = _entry(item)
        number = _number(entry["id"]["$t"])
        return f"{_number(entry['thr$in-reply-to']['ref'])}/{number}" if "thr$in-reply-to" in entry else number

    def created_at(self, item: Item) -> datetime:
        """When it was published, in whichever zone the blog is."""
        return moment(_entry(item)["published"]["$t"])

    def hashtags(self, item: Item) -> Sequence[str]:
        """A post's labels and the hashtags in the words; under a post of the campaign its hashtag too."""
        entry, native = _entry(item), self.native(item)
        post = native.partition("/")[0]
        is_below = "/" in native and (post in self._tagged or post in self._followed)
        return [*_hashtags(Values(entry, [])), *(self._run.campaign.hashtags if is_below else ())]

    def learn(self, item: Item) -> None:
        """The names of posts and comments, and who wrote them."""
        entry, native = _entry(item), self.native(item)
        uri = Values(entry, []).object("id", "id").text("$t", "id")
        self._learn_blog(uri)
        self.names.posts[native] = uri
        self.names.authors[native] = self._identity(entry, native)
        if not self._run.campaign.folded_hashtags.isdisjoint(map(fold_hashtag, _hashtags(Values(entry, [])))):
            self._tagged.add(native)

    def read(self, item: Item, at: datetime) -> Iterator[Seen]:
        """A post, a comment, or that a comment was removed: the sentence in its place is nobody's speech."""
        entry, native, left_out = _entry(item), self.native(item), list[str]()
        values, uri = Values(entry, left_out), self.names.posts[native]
        if _is_removed(values):
            gone = DeletionRecord(platform=NAME, post=uri, captured_at=at, source=self.names.host, by_own=True)
            yield Seen(role="gone", record=gone, native=native)
            return
        author, created = self._identity(entry, native), self.created_at(item)
        parent, root = self._parent(values, native), native.partition("/")[0] if "/" in native else ""
        edited = values.object("updated", "edited_at").time("$t", "edited_at")
        record = PostRecord(
            platform=NAME,
            post=uri,
            author=author,
            created_at=created,
            captured_at=at,
            source=self.names.host,
            text=_words(values),
            text_format="html",
            hashtags=tuple(dict.fromkeys(_hashtags(values))),
            reply_to=parent and self.names.post(parent),
            reply_to_author=self.names.authors.get(parent or ""),
            root=self.names.post(root) if root else None,
            edited_at=edited if edited != created else None,
            replies=whole_number(values.object("thr$total", "replies").text("$t", "replies")),
            where=f"{self.names.host}/{native}",
            left_out=tuple(left_out),
        )
        account = self._account(values, author, at)
        yield Seen(role="post", account=account, record=record, native=native, local=author, parent=parent)

    def _learn_blog(self, uri: str) -> None:
        if found := _NAMED.fullmatch(uri):
            self.names.blog = found[1]

    def _parent(self, values: Values, native: str) -> str | None:
        """The comment that it answers, which stands in a link; else the post: `thr:in-reply-to` names nothing else."""
        post, _, comment = native.partition("/")
        if not comment:
            return None
        links = (link for link in values.objects("link", "reply_to") if link.get("rel") == "related")
        named = (_ANSWERED.search(str(link.get("href"))) for link in links)
        answered = next((found[1] for found in named if found), None)
        return f"{post}/{answered}" if answered and answered != comment else post

    def _identity(self, entry: Json, native: str) -> str:
        return _identity(_author(Values(entry, [])), self.names.host, native.rpartition("/")[2])

    def _account(self, values: Values, author: str, at: datetime) -> AccountRecord | None:
        name = _shown(_author(values))
        if is_nobody(name):
            return None
        host = self.names.host
        return AccountRecord(platform=NAME, account=author, handle=f"{NAME}:@{name}", captured_at=at, source=host)


def _identity(author: Values, host: str, comment: str) -> str:
    if found := _PROFILE.match(author.object("uri", "author").text("$t", "author")):
        return f"{NAME}:{found[1] or f'{found[2]}/{found[3]}'}"
    name = guest(_shown(author), comment)
    if not is_identity(f"{NAME}:{name}"):
        raise UnkeptError("post without author")
    return f"{NAME}:{host}/guest/{name}"


class BloggerSpider(PlatformSpider):
    """One crawl of a blog."""

    name = NAME
    opened = Blogger


def _feed(path: str, **query: str) -> str:
    return f"/feeds/{path}?{urlencode({'alt': 'json', **query, 'max-results': str(PAGE)})}"


def _entry(item: Item) -> Json:
    """The entry in an answer that shows one thing, or in a list."""
    entry = item.get("entry", item)
    if not isinstance(entry, dict):
        raise TypeError("no entry")
    return entry


def _entries(payload: Any) -> Sequence[Item]:
    """What a feed lists; an empty one has no list at all."""
    found = payload["feed"].get("entry", [])
    if not isinstance(found, list):
        raise TypeError("no list")
    return found


def _next(page: Page) -> Sequence[Ask] | None:
    """The link that the feed holds, as it is: it leads to the service's own host."""
    links = Values(page.answer.payload["feed"], []).objects("link", "link")
    following = [link.get("href") for link in links if link.get("rel") == "next"]
    return [page.first.at(url) for url in following if isinstance(url, str) and url] if following else None


def _total(answer: Answer) -> int | None:
    """How many entries the whole feed has."""
    return whole_number(Values(answer.payload["feed"], []).object("openSearch$totalResults", "").text("$t", ""))


def _number(uri: object) -> str:
    """The last number in the name of a post or a comment. Raises UnkeptError where there is none."""
    found = _NAMED.fullmatch(uri) if isinstance(uri, str) else None
    if found is None:
        raise UnkeptError("post without id")
    return found[2]


def _author(values: Values) -> Values:
    return values.inside(next(values.objects("author", "author"), {}))


def _shown(author: Values) -> str:
    """The name that people see."""
    return author.object("name", "author").text("$t", "author").strip()


def _words(values: Values) -> str:
    """A post's title, as a paragraph, and the content; the title of a comment is how it begins."""
    is_comment = values.object("thr$in-reply-to", "reply_to").text("ref", "reply_to")
    title = "" if is_comment else values.object("title", "text").text("$t", "text")
    content = values.object("content", "text").text("$t", "text") or values.object("summary", "text").text("$t", "text")
    return (f"<p>{html.escape(title)}</p>" if title else "") + content


def _hashtags(values: Values) -> list[str]:
    labels = (
        label.get("term") for label in values.objects("category", "hashtags") if _KIND not in str(label.get("scheme"))
    )
    named = [label.strip().lstrip("#") for label in labels if isinstance(label, str)]
    return [*filter(None, named), *hashtags_in(shown_words(_words(values)))]


def _is_removed(values: Values) -> bool:
    told = values.objects("gd$extendedProperty", "removed")
    return any(one.get("name") == _REMOVED and one.get("value") != "false" for one in told)
