"""Lemmy by its API: the third version of servers up to 0.19, the fourth from 1.0 on; the server says which it speaks.

A hashtag is a word in posts and comments: Lemmy has none of its own, a community of that name or a community's tags are
another thing. The search looks for the very letters in all that the server has, so that it has an end; what is not safe
for work is shown to nobody without an account. Counters are of all answers below, not of the direct ones.

Posts and comments are named by their ``ap_id`` and people by ``acct:user@host``, as on every server that has a copy. A
cross-post, which a server lists beside the post, is a repost where it says nothing of its own, else a quote; posts that
merely lead to the same page relay nobody. Deleted is the author's doing; what moderators removed is withheld.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from w3lib.url import url_query_parameter

from passerelle.allowed import EngagementKind
from passerelle.errors import UsageError
from passerelle.hashtags import hashtags_in
from passerelle.records import DeletionRecord, PostRecord
from passerelle.values import UnkeptError
from spiders.asking.answers import Answer, Outcome
from spiders.asking.api import Api
from spiders.asking.ask import Ask
from spiders.asking.guard import hashtag_path
from spiders.asking.run import Run
from spiders.collecting.names import LocalNames
from spiders.collecting.paging import Page, by_cursor, only, whole_number
from spiders.collecting.people import Naming, Shape
from spiders.collecting.shape import Item, Listing, Platform, Seen, whole
from spiders.collecting.spider import PlatformSpider
from spiders.collecting.state import CrawlState
from spiders.collecting.values import Json, Values, native_id
from spiders.collecting.words import shown_words
from spiders.platforms.lemmy import records
from spiders.platforms.lemmy.records import NAME

PAGE = 50  # the most that a server gives
_GONE = re.compile(r"(?:couldnt_find|not_found)")
# what a refusal means, whatever its HTTP status: before 1.0 nearly all of them were 400
_MEANS: dict[str, Outcome] = {
    "rate_limit_error": "rate_limit",
    "too_many_requests": "rate_limit",
    "instance_is_private": "refused",
    "not_logged_in": "login",
}


class LemmyNames(LocalNames):
    """A post is ``post/1``, a comment ``comment/1``, on each server by another number."""

    platform: ClassVar[str] = NAME


class Lemmy(Platform):
    """One server."""

    name: ClassVar[str] = NAME
    people: ClassVar[Naming] = Naming(
        shapes=(
            Shape(has=("name", "actor_id"), local="id", names=("name",), urls=("actor_id",), shown=("display_name",)),
            Shape(has=("name", "ap_id"), local="id", names=("name",), urls=("ap_id",), shown=("display_name",)),
        ),
        person=lambda person, _: f"acct:{records.address(person)}",
        written_by=("creator_id",),
    )
    tells_times: ClassVar[bool] = True

    def __init__(self, run: Run, state: CrawlState, shown: MutableMapping[str, str]) -> None:
        self.names = LemmyNames(run.source, run.source, shown, dict(state.accounts))
        self._run = run
        self._is_new = True  # speaks the fourth version
        self._languages: dict[object, str] = {}
        self._wrote: dict[str, str] = {}  # the same by the names that hold everywhere
        self._totals: dict[str, int | None] = {}  # how many answers are said to be below it

    async def greet(self, api: Api) -> None:
        """Which version of the API the server speaks, and the names of its languages."""
        answer = await api.ask("/api/v4/site")
        self._is_new = answer.outcome == "ok" and isinstance(answer.payload, dict) and "version" in answer.payload
        if not self._is_new:
            answer = await api.ask("/api/v3/site")
        site = Values(answer.payload if isinstance(answer.payload, dict) else {}, [])
        told = site.objects("all_languages", "language")
        self._languages = {one.get("id"): str(one.get("code")) for one in told if one.get("code") != "und"}
        local = site.object("site_view", "site").object("local_site", "site")
        if local.flag("private_instance", "site") and not self._run.server.token_variable:
            host = self._run.source
            raise UsageError(
                en=f"{host} shows nothing without an account there; collect from another server of the network",
                fr=f"{host} ne montre rien sans compte chez lui ; collectez depuis un autre serveur du réseau",
            )

    def doors(self, tag: str) -> Iterable[str]:
        """The search, in either version."""
        hashtag_path(tag)
        return ["/api/v4/search", "/api/v3/search"]

    async def hashtag(self, api: Api, tag: str) -> Sequence[Listing]:
        """Posts with the word, and comments with it, newest first."""
        most = self._run.campaign.collect.max_pages
        posts = self._list("search", self._search(tag, "posts"), "posts", most)
        comments = self._list("search", self._search(tag, "comments"), "comments", most)
        return [
            replace(posts, by_words=True),
            replace(comments, by_words=True, is_beside=True, part="comments"),
        ]

    def post(self, native: str) -> str:
        """A post or a comment."""
        kind, _, number = native.partition("/")
        return self._at(kind, id=number)

    def thread(self, native: str) -> Listing:
        """What answers a post, or a comment, at every depth: a flat list, since trees are cut at some depth."""
        kind, _, number = native.partition("/")
        asked = {"post_id" if kind == "post" else "parent_id": number, "type_": self._word("all")}
        below = self._list("comment/list", {**asked, "sort": self._word("old")}, "comments", 100)
        return replace(below, total=lambda answer: self._totals.get(native), edge=lambda payload: ())

    def engagement(self, native: str, kind: EngagementKind) -> Listing | None:
        """The posts that a server lists as cross-posts; who voted is for administrators."""
        if kind != "repost" or not native.startswith("post/"):
            return None
        post = self.names.post(native)

        def relays(payload: Any) -> Sequence[Item]:
            return [one for one in whole(payload["cross_posts"]) if not records.is_of_another(one, post)]

        return Listing(first=self.post(native), items=relays, next=only)

    def history(self, local: str) -> Listing:
        """An account's posts and comments."""
        most = self._run.campaign.collect.history_max_pages
        if self._is_new:
            return self._list("person/content", {"person_id": local}, "items", most)
        both = self._list("user", {"person_id": local, "sort": "New"}, "", most)
        return replace(both, items=lambda payload: [*whole(payload["posts"]), *whole(payload["comments"])])

    def judge(self, answer: Answer) -> Answer:
        """By the error's name."""
        error = answer.problem.get("error") if isinstance(answer.problem, dict) else None
        if not isinstance(error, str) or answer.outcome == "ok":
            return answer
        if _GONE.match(error):
            return replace(answer, outcome="gone")
        return replace(answer, outcome=_MEANS[error]) if error in _MEANS else answer

    def native(self, item: Item) -> str | None:
        """``post/ID`` or ``comment/ID``."""
        kind, inner = records.inner(records.view(item))
        number = native_id(inner)
        return number and f"{kind}/{number}"

    def created_at(self, item: Item) -> datetime:
        """When it was written."""
        return records.created_at(records.inner(records.view(item))[1])

    def hashtags(self, item: Item) -> Sequence[str]:
        """Those in the words."""
        return list(hashtags_in(shown_words(records.words(records.inner(records.view(item))[1]))))

    def learn(self, item: Item) -> None:
        """The names of what it is, of the post that it is below, and who wrote it."""
        view, native = records.view(item), self.native(item)
        kind, inner = records.inner(view)
        if native is None:
            raise UnkeptError("post without id")
        self.names.posts[native] = records.uri(inner)
        identity = f"acct:{records.address(view['creator'])}"
        self.names.authors[native] = self._wrote[self.names.posts[native]] = identity
        if local := native_id(view["creator"]):
            self.names.accounts[local] = identity
        self._totals[native] = records.below(view, [])
        above = view.get("post")
        if kind == "comment" and isinstance(above, dict) and native_id(above):
            self.names.posts[f"post/{native_id(above)}"] = records.uri(above)

    def read(self, item: Item, at: datetime) -> Iterator[Seen]:
        """A post or a comment, and who wrote it; that it was deleted, or removed by moderators."""
        view, native = records.view(item), self.native(item) or ""
        inner = records.inner(view)[1]
        uri = self.names.posts[native]
        if inner.get("deleted") is True:
            own = self.names.is_own(uri)
            gone = DeletionRecord(platform=NAME, post=uri, captured_at=at, source=self.names.host, by_own=own)
            yield Seen(role="gone", record=gone, native=native)
            return
        if inner.get("removed") is True:
            yield Seen(role="withheld", native=native)
            return
        account, local = records.account_record(view["creator"], self.names.host, at), native_id(view["creator"])
        relayed, is_bare = records.relayed(inner)
        if relayed and is_bare:
            record = records.repost_record(view, relayed, self._wrote.get(relayed), self.names.host, at)
            yield Seen(role="repost", account=account, record=record, native=native, local=local)
            return
        parent = records.parent(inner)
        record = self._record(view, native, parent, relayed, at)
        yield Seen(role="post", account=account, record=record, native=native, local=local, parent=parent)

    def read_engager(self, item: Item, post: str, kind: EngagementKind, at: datetime) -> Iterator[Seen]:
        """Who cross-posted `post`, and when."""
        self.learn(item)
        view = records.view(item)
        account, local = records.account_record(view["creator"], self.names.host, at), native_id(view["creator"])
        record = records.repost_record(view, post, self._wrote.get(post), self.names.host, at)
        yield Seen(role="account", account=account, record=record, local=local)

    def _at(self, path: str, **query: str) -> str:
        return f"/api/v{4 if self._is_new else 3}/{path}?{urlencode(query)}"

    def _word(self, word: str) -> str:
        """How the version spells a choice."""
        return word if self._is_new else word.capitalize()

    def _search(self, tag: str, kind: str) -> dict[str, str]:
        asked = {"type_": self._word(kind), "listing_type": self._word("all")}
        return {"search_term": f"#{tag}", **asked} if self._is_new else {"q": f"#{tag}", **asked, "sort": "New"}

    def _list(self, path: str, query: dict[str, str], name: str, most: int) -> Listing:
        """A list with the pages of the version; `name` is what holds its items, unless they are called so."""
        if self._is_new:
            first, following = self._at(path, **query, limit=str(PAGE)), by_cursor("next_page", "page_cursor")
        else:
            first, following = self._at(path, **query, limit=str(PAGE), page="1"), _by_number
        return Listing(
            first=first,
            items=lambda payload: whole(payload["items"] if "items" in payload else payload[name]),
            next=following,
            max_pages=most,
        )

    def _record(self, view: Json, native: str, parent: str | None, quoted: str | None, at: datetime) -> PostRecord:
        left_out = list[str]()
        inner = records.inner(view)[1]
        values, text, created = Values(inner, left_out), records.words(inner), self.created_at(view)
        counts = Values(view, left_out).object("counts", "counts") if "counts" in view else values
        edited = values.time("updated_at", "edited_at") or values.time("updated", "edited_at")
        return PostRecord(
            platform=NAME,
            post=self.names.posts[native],
            author=self.names.authors[native],
            created_at=created,
            captured_at=at,
            source=self.names.host,
            text=text,
            text_format="html",
            language=self._languages.get(inner.get("language_id")),
            hashtags=tuple(dict.fromkeys(hashtags_in(shown_words(text)))),
            mentions=tuple(records.mentions(inner)),
            reply_to=parent and self.names.post(parent),
            reply_to_author=self.names.authors.get(parent or ""),
            root=self.names.post(f"post/{inner.get('post_id')}") if parent else None,
            quote_of=quoted,
            edited_at=edited if edited != created else None,
            replies=records.below(view, left_out),
            favourites=counts.count("upvotes", "favourites"),
            has_media=bool(inner.get("thumbnail_url")),
            where=f"{self.names.host}/{native}",
            left_out=tuple(left_out),
        )


class LemmySpider(PlatformSpider):
    """One crawl of a server."""

    name = NAME
    opened = Lemmy


def _by_number(page: Page) -> Sequence[Ask] | None:
    """By number, up to the first empty page."""
    number = whole_number(url_query_parameter(page.answer.url, "page")) or 1
    return [page.first.having("page", str(number + 1))] if page.items else None
