"""WordPress by its REST API: a hashtag is a tag of posts, or a word in comments; a thread is a post's comments.

A person is an account of one blog, or a guest's name on it (letter case ignored); a guest without a name is somebody
else in each comment. The API shows no reposts, and no history of a commenter, without an editor's login.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote, urljoin

from scrapy import Selector
from w3lib.url import add_or_replace_parameters

from passerelle.errors import UsageError
from passerelle.hashtags import fold_hashtag, hashtags_in
from passerelle.identity import canonical
from passerelle.records import AccountRecord, PostRecord
from passerelle.values import UnkeptError, is_identity
from spiders.asking.answers import Answer, Outcome
from spiders.asking.api import Api
from spiders.asking.guard import hashtag_path
from spiders.asking.links import on_our_base, related
from spiders.asking.run import Run
from spiders.collecting.guests import guest, is_nobody
from spiders.collecting.names import LocalNames
from spiders.collecting.paging import by_page, header
from spiders.collecting.people import Naming, Shape
from spiders.collecting.shape import Item, Listing, Platform, Seen, whole
from spiders.collecting.spider import PlatformSpider
from spiders.collecting.state import CrawlState
from spiders.collecting.values import Json, Values, id_text, moment, native_id
from spiders.collecting.words import shown_words

NAME = "wordpress"
PAGE = 100
_ROOT = "/wp-json/"
_RELATION = "https://api.w.org/"
_BY_NUMBER = by_page("x-wp-totalpages")
_COMMENT_PAGE = re.compile(r"comment-page-\d+/?$|[?&]cpage=\d+$")  # where a comment stands moves as others come
# what a refusal means, whatever its HTTP status: of one thing or, at the end of a list, nothing
_ONE: dict[str, Outcome] = {
    "rest_cannot_read": "withheld",
    "rest_cannot_read_post": "refused",
    "rest_no_route": "refused",
}


class BlogNames(LocalNames):
    """The ids of one blog: ``posts/1`` and ``comments/1`` are two things."""

    platform: ClassVar[str] = NAME


class WordPress(Platform):
    """One blog."""

    name: ClassVar[str] = NAME
    people: ClassVar[Naming] = Naming(
        shapes=(
            Shape(has=("author",), local="author"),
            Shape(has=("author_name",), names=("author_name",), urls=("author_url",), shown=("author_name",)),
        ),
        person=lambda item, host: identity(item, host),
        written_by=("author",),
    )

    def __init__(self, run: Run, state: CrawlState, shown: MutableMapping[str, str]) -> None:
        self.names = BlogNames(run.source, run.source, shown, dict(state.accounts))
        self._run = run
        self._root = _ROOT
        self._tags: dict[int, str] = {}

    async def greet(self, api: Api) -> None:
        """Where the API is: its usual place, unless the front page says another."""
        if "instance" in self._run.left_out:
            return
        page = await api.text("/")
        root = _told_root(page)
        if root and on_our_base(root, api.base) is None:
            raise UsageError(
                en=f"{self._run.source}: its API is on another server ({root}); write that one as host",
                fr=f"{self._run.source} : son API est sur un autre serveur ({root}) ; écrivez celui-là comme host",
            )
        self._root = on_our_base(root, api.base) or _ROOT

    def doors(self, tag: str) -> Iterable[str]:
        """The front page and the posts."""
        hashtag_path(tag)
        return ["/", f"{_ROOT}wp/v2/posts"]

    async def hashtag(self, api: Api, tag: str) -> Sequence[Listing] | Answer:
        """Posts under the tags that fold to `tag`, and comments that hold the word."""
        found: list[int] = []
        for query in ({"slug": fold_hashtag(tag)}, {"search": tag, "per_page": str(PAGE)}):
            answer = await api.ask(self._at("tags", **query))
            if answer.outcome != "ok" or not isinstance(answer.payload, list):
                return answer
            found = found or self._named(answer.payload, tag)
            if found:
                break
        most = self._run.campaign.collect.max_pages
        word = self._at("comments", search=tag, per_page=str(PAGE))
        comments = Listing(first=word, next=_BY_NUMBER, max_pages=most, part="comments", by_words=True)
        if not found:
            return [comments]
        # oldest first: what comes meanwhile moves no page
        order = {"per_page": str(PAGE), "orderby": "date", "order": "asc", "page": "1"}
        posts = self._at("posts", tags=",".join(map(str, found)), **order)
        return [Listing(first=posts, next=_BY_NUMBER, max_pages=most, oldest_first=True), comments]

    def post(self, native: str) -> str:
        """A post or a comment."""
        return self._at(quote(native))

    def thread(self, native: str) -> Listing:
        """The comments of a post, or those that answer a comment; some blogs send all comments whatever is asked."""
        kind, _, number = native.partition("/")
        field = {"posts": "post", "comments": "parent"}[kind]
        order = {"orderby": "id", "order": "asc", "per_page": str(PAGE), "page": "1"}

        def theirs(payload: Any) -> Sequence[Item]:
            return [item for item in whole(payload) if not _is_of_another(item, field, number)]

        first = self._at("comments", **{field: number}, **order)
        return Listing(first=first, items=theirs, next=_BY_NUMBER, total=header("x-wp-total"))

    def judge(self, answer: Answer) -> Answer:
        """By the error's code: past the last page is an end; what is held back is not deleted, nor a login wall."""
        code = answer.problem.get("code") if isinstance(answer.problem, dict) else None
        if isinstance(code, str) and code.endswith("_invalid_page_number"):
            return replace(answer, outcome="ok", payload=[])
        if code in _ONE:
            return replace(answer, outcome=_ONE[code], of_one=code != "rest_no_route")
        return answer

    def native(self, item: Item) -> str | None:
        """``posts/ID`` or ``comments/ID``."""
        number = native_id(item)
        return number and f"{'comments' if 'post' in item else 'posts'}/{number}"

    def created_at(self, item: Item) -> datetime:
        """In UTC: local times happen twice when clocks go back."""
        return moment(item["date_gmt"])

    def hashtags(self, item: Item) -> Sequence[str] | None:
        """A post's tags, as far as they are known, and those in the words."""
        if not isinstance(item.get("content"), dict):
            return None
        tags = item.get("tags")
        known = [self._tags[tag] for tag in tags if tag in self._tags] if isinstance(tags, list) else []
        return [*known, *hashtags_in(shown_words(_words(Values(item, []))))]

    def learn(self, item: Item) -> None:
        """The addresses of posts and comments, and who wrote them."""
        native = self.native(item)
        if native is None:
            raise UnkeptError("post without id")
        link = canonical(item["link"]) if is_identity(item.get("link")) and ":" in item["link"] else ""
        page, _, fragment = link.partition("#")
        if native.startswith("comments/"):
            page = _COMMENT_PAGE.sub("", page)
            if page:
                self.names.posts.setdefault(f"posts/{item['post']}", page)
                link = f"{page}#{fragment or 'comment-' + native.rpartition('/')[2]}"
        self.names.posts[native] = link or self.names.stand_in(native)
        self.names.authors[native] = identity(item, self.names.host)

    def read(self, item: Item, at: datetime) -> Iterator[Seen]:
        """A post or a comment, and the commenter's name."""
        native, author, left_out = self.native(item) or "", identity(item, self.names.host), list[str]()
        values = Values(item, left_out)
        parent, account = None, None
        if "post" in item:
            if values.text("type", "type") not in ("", "comment"):
                raise UnkeptError("link of another site, no comment")
            parent = f"comments/{item['parent']}" if item.get("parent") else f"posts/{item['post']}"
            account = self._account(values, author, at)
        created = self.created_at(item)
        edited = values.time("modified_gmt", "edited_at")
        record = PostRecord(
            platform=NAME,
            post=self.names.post(native),
            author=author,
            created_at=created,
            captured_at=at,
            source=self.names.host,
            text=_words(values),
            text_format="html",
            hashtags=tuple(self.hashtags(item) or ()),
            reply_to=parent and self.names.post(parent),
            reply_to_author=self.names.authors.get(parent or ""),
            root=self.names.post(f"posts/{item['post']}") if parent else None,
            edited_at=edited if edited != created else None,
            visibility=_visibility(item, values),
            has_media=bool(item.get("featured_media")),
            where=f"{self.names.host}/{native}",
            left_out=tuple(left_out),
        )
        yield Seen(role="post", account=account, record=record, native=native, local=author, parent=parent)

    def _at(self, path: str, **query: str) -> str:
        """The address of `path` in the API, which stands in a path or (without pretty links) in a parameter."""
        return str(add_or_replace_parameters(f"{self._root}wp/v2/{path}", query))

    def _named(self, tags: Sequence[Any], tag: str) -> list[int]:
        """The ids of the tags whose name folds to `tag`: a slug may carry -2, and a search finds look-alikes."""
        for item in (item for item in tags if isinstance(item, dict)):
            name = html.unescape(Values(item, []).text("name", "name")).lstrip("#")
            if isinstance(item.get("id"), int) and fold_hashtag(name) == fold_hashtag(tag):
                self._tags[item["id"]] = name
        return [number for number, name in self._tags.items() if fold_hashtag(name) == fold_hashtag(tag)]

    def _account(self, values: Values, author: str, at: datetime) -> AccountRecord | None:
        name = html.unescape(values.text("author_name", "name")).strip()
        if is_nobody(name):
            return None
        host = self.names.host
        return AccountRecord(platform=NAME, account=author, handle=f"{NAME}:@{name}", captured_at=at, source=host)


def identity(item: Json, host: str) -> str:
    """What names the author of a post or comment. Raises UnkeptError where nobody is named."""
    if number := item.get("author"):
        return f"{NAME}:{host}/{int(number)}"
    name = guest(str(item.get("author_name") or ""), native_id(item) or "")
    if not name or "author_name" not in item or not is_identity(f"{NAME}:{name}"):
        raise UnkeptError("post without author")
    return f"{NAME}:{host}/guest/{name}"


class WordPressSpider(PlatformSpider):
    """One crawl of a blog."""

    name = NAME
    opened = WordPress


def _is_of_another(item: Item, field: str, number: str) -> bool:
    found = id_text(item.get(field)) if isinstance(item, dict) else None
    return found is not None and found != number


def _told_root(page: Answer) -> str:
    """Where the front page says that the API is: in its Link header or in an element; empty where it says nothing."""
    told = related([page.headers.get("link", "")], _RELATION)
    told = told or Selector(text=page.text or " ", type="html").css(f'link[rel="{_RELATION}"]::attr(href)').get("")
    return told and urljoin(page.url, told)


def _words(values: Values) -> str:
    """The title, as a paragraph, and the content."""
    title, content = (values.object(name, "text").text("rendered", "text") for name in ("title", "content"))
    return (f"<p>{title}</p>" if title else "") + content


def _visibility(item: Json, values: Values) -> str:
    content = item.get("content")
    if isinstance(content, dict) and content.get("protected"):
        return "protected"
    said = values.text("status", "visibility")
    return "public" if said in ("publish", "approved", "") else said
