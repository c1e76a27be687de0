"""A blog as it is for every reader: a feed of its newest posts, a page for each, comments on the page or elsewhere.

Whatever a hashtag is under which posts are filed (category, tag, keyword) or that stands in their words is one. The
feed shows the newest posts only: where it does not reach back to what was read before, coverage says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, Literal

from passerelle.hashtags import fold_hashtag
from passerelle.records import AccountRecord, DeletionRecord, MalformedRecord, PostRecord
from passerelle.values import UnkeptError, is_identity
from spiders.asking.answers import Answer
from spiders.asking.api import Api
from spiders.asking.ask import Ask
from spiders.asking.guard import hashtag_path
from spiders.asking.run import Run
from spiders.collecting.blogs.entries import Lacking, Several, Written, page_of
from spiders.collecting.blogs.moments import moment_in
from spiders.collecting.blogs.news import News
from spiders.collecting.blogs.pages import BlogPage, read_page
from spiders.collecting.blogs.people import identity
from spiders.collecting.blogs.redacted import gather_names, is_markup, redact_markup
from spiders.collecting.blogs.words import language_of, tags_of, words_of
from spiders.collecting.guests import guest, is_nobody
from spiders.collecting.names import LocalNames
from spiders.collecting.people import TokenOf, Traces
from spiders.collecting.redacting import Redactor
from spiders.collecting.shape import MALFORMED, Item, Listing, Platform, Seen, why_unread
from spiders.collecting.state import CrawlState

_FILED = "filed "
INFERRED = "created_at: no zone, taken for the campaign's"


class BlogReader(Platform):
    """One blog, by its feeds and pages. An item is a post or a comment, or several that were shown together.

    The native id of a post or a comment is its address.
    """

    naming: ClassVar[type[LocalNames]]

    @classmethod
    def gather(cls, body: bytes, host: str, domain: str, token_of: TokenOf) -> dict[str, Traces]:
        """By which words a body names those for whom there is a token, by identity."""
        if not is_markup(body):
            return super().gather(body, host, domain, token_of)
        return gather_names(body, lambda name: f"{cls.name}:{domain}/guest/{guest(name, '')}", token_of)

    @classmethod
    def redact(cls, body: bytes, redactor: Redactor) -> bytes:
        """A body without those whom `redactor` takes out; the very same where it names none of them."""
        return redact_markup(body, redactor) if is_markup(body) else redactor.body(body)

    def __init__(self, run: Run, state: CrawlState, shown: MutableMapping[str, str]) -> None:
        self.names = self.naming(run.source, run.source, shown, dict(state.accounts))
        self.run = run
        self.posts: dict[str, Written] = {}  # as the feed shows them, by address
        self._state = state
        self._news = News(run, state)
        self._ours: set[str] = set()  # posts under a hashtag of the campaign, of this run
        for name in [name for name in state.kept if name.startswith(_FILED)]:
            if name.removeprefix(_FILED) not in state.posts:
                del state.kept[name]

    async def greet(self, api: Api) -> None:
        """Which feeds the front page names, unless an earlier run found out."""
        await self._news.look_for(api)

    def doors(self, tag: str) -> Iterable[str]:
        """The front page."""
        hashtag_path(tag)
        return ["/"]

    async def hashtag(self, api: Api, tag: str) -> Sequence[Listing]:
        """The newest posts, and the newest comments where the blog has a feed of them."""
        return self._news.listings(tag)

    def judge(self, answer: Answer) -> Answer:
        """A feed may be unchanged, or at another of the usual places; a page may lack what was asked for."""
        if isinstance(answer.payload, Lacking):
            return replace(answer, outcome="gone" if answer.payload.is_certain else "withheld", of_one=True)
        return self._news.judge(answer)

    def post(self, native: str) -> Ask:
        """The page on which it stands."""
        return Ask(page_of(native), read=partial(self._shown, native))

    def page_at(self, url: str, body: bytes, content_type: str) -> BlogPage:
        """The page at `url`. Raises ValueError for what is no page."""
        page = read_page(body, content_type, url)
        self.note(page)
        return replace(page, post=self._as_filed(page.post))

    def note(self, page: BlogPage) -> None:
        """What a page tells beside its post and the comments on it."""

    def found(self, native: str, shown: Sequence[Written], *, is_all: bool) -> Several | Written | Lacking:
        """The answer to who asked for `native`: all that was shown, where it is followed, and what is there no more."""
        here = {one.id: one for one in shown}
        vanished = self.vanished(page_of(native), shown) if is_all else []
        if native not in here:
            return Lacking(is_certain=native in {one.id for one in vanished})
        return Several((*shown, *vanished), here[native]) if native in self._state.followed else here[native]

    def native(self, item: Item) -> str | None:
        """Its address."""
        entry = _entry(item)
        if not is_identity(entry.id):
            raise UnkeptError("post without id")
        return entry.id

    def created_at(self, item: Item) -> datetime:
        """When it was written, by the campaign's clock where it names no zone."""
        return self._moment(_entry(item))[0]

    def hashtags(self, item: Item) -> Sequence[str]:
        """What it is filed under and the hashtags in its words; below a post of the campaign its hashtag too."""
        entry = _entry(item)
        is_below = entry.on in self._ours or entry.on in self._state.followed
        return [*tags_of(entry), *(self.run.campaign.hashtags if entry.on and is_below else ())]

    def learn(self, item: Item) -> None:
        """The names of posts and comments, and who wrote them."""
        for entry in item.entries if isinstance(item, Several) else [_entry(item)]:
            if is_identity(entry.id) and entry.kind != "link":
                self._learn(entry)

    def read(self, item: Item, at: datetime) -> Iterator[Seen]:
        """A post, a comment, or that a comment is gone; of several each, whatever is wrong with others."""
        if not isinstance(item, Several):
            yield from self._read(_entry(item), at)
            return
        for entry in item.entries:
            try:
                yield from self._read(entry, at)
            except MALFORMED as error:
                yield self._malformed(entry, at, error)

    def identity_of(self, entry: Written) -> str:
        """Who wrote it. Raises UnkeptError for nobody."""
        return identity(self.name, self.names.host, entry)

    def _learn(self, entry: Written) -> None:
        self.names.posts[entry.id] = entry.id
        with suppress(UnkeptError):
            self.names.authors[entry.id] = self.identity_of(entry)
        if not entry.on:
            self.posts.setdefault(entry.id, entry)
            if not self.run.campaign.folded_hashtags.isdisjoint(map(fold_hashtag, tags_of(entry))):
                self._ours.add(entry.id)
                self._state.kept[_FILED + entry.id] = json.dumps([entry.by, entry.at, entry.tags], ensure_ascii=False)

    def _read(self, entry: Written, at: datetime) -> Iterator[Seen]:
        native, host = self.native(entry) or "", self.names.host
        if entry.kind == "link":
            raise UnkeptError("link of another site, no comment")
        if entry.kind == "waiting":
            raise UnkeptError("comment that is not public yet")
        if entry.kind == "removed":
            by_own = self.names.is_own(native)
            gone = DeletionRecord(platform=self.name, post=native, captured_at=at, source=host, by_own=by_own)
            yield Seen(role="gone", record=gone, native=native)
            return
        author = self.identity_of(entry)
        created, is_inferred = self._moment(entry)
        record = PostRecord(
            platform=self.name,
            post=self.names.post(native),
            author=author,
            created_at=created,
            captured_at=at,
            source=host,
            text=words_of(entry),
            text_format="html",
            language=language_of(entry),
            hashtags=tuple(dict.fromkeys(tags_of(entry))),
            reply_to=self.names.post(entry.parent) if entry.parent else None,
            reply_to_author=self.names.authors.get(entry.parent),
            root=self.names.post(entry.on) if entry.on else None,
            edited_at=self._edited(entry, created),
            replies=entry.replies,
            favourites=entry.likes,
            where=native,
            left_out=(*entry.left_out, *([INFERRED] if is_inferred else [])),
        )
        account = self._account(entry, author, at)
        parent = entry.parent or None
        # what was written elsewhere is shown here; to be followed it is not this blog's
        role: Literal["quoted", "post"] = "quoted" if entry.is_elsewhere else "post"
        yield Seen(role=role, account=account, record=record, native=native, local=author, parent=parent)

    def _shown(self, native: str, body: bytes, content_type: str) -> Any:
        """What the page shows of `native`: all of it, where it is followed."""
        page = self.page_at(page_of(native), body, content_type)
        shown = [replace(page.post, comments=()), *page.post.comments]
        return self.found(native, shown, is_all=self.is_all(page))

    def is_all(self, page: BlogPage) -> bool:
        """Whether a page shows all comments that it has, under the names by which they were known."""
        is_known = not {one.id for one in page.post.comments}.isdisjoint(self._state.posts)
        return page.is_all and (is_known or page.count == 0)

    def _as_filed(self, post: Written) -> Written:
        """A page's post with the author, the time and the tags that the feed gave: pages often lack them."""
        told = self._state.kept.get(_FILED + post.id)
        if told is None:
            return post
        by, at, tags = json.loads(told)
        return replace(post, by=by or post.by, at=at or post.at, tags=tuple(dict.fromkeys((*tags, *post.tags))))

    def vanished(self, url: str, shown: Iterable[Written]) -> list[Written]:
        """Comments of the page at `url` that were followed and are no longer among all those that are `shown`."""
        known = {one for one in self._state.followed if "#" in one and page_of(one) == url}
        return [Written(id=one, on=url, kind="removed") for one in sorted(known - {one.id for one in shown})]

    def _moment(self, entry: Written) -> tuple[datetime, bool]:
        return moment_in(entry.at, self.run.campaign.time_zone, entry.language)

    def _edited(self, entry: Written, created: datetime) -> datetime | None:
        try:
            at = moment_in(entry.edited, self.run.campaign.time_zone, entry.language)[0]
        except UnkeptError:
            return None
        return at if at > created else None

    def _account(self, entry: Written, author: str, at: datetime) -> AccountRecord | None:
        if is_nobody(entry.by) or not author.startswith(f"{self.name}:"):
            return None
        handle, host = f"{self.name}:@{entry.by}", self.names.host
        return AccountRecord(platform=self.name, account=author, handle=handle, captured_at=at, source=host)

    def _malformed(self, entry: Written, at: datetime, error: Exception) -> Seen:
        reason = why_unread(error)
        record = MalformedRecord(source=self.run.source, where=entry.id, reason=reason, captured_at=at)
        return Seen(role="account", record=record)


def _entry(item: Item) -> Written:
    """What was asked for of several, or the item itself. Raises TypeError for anything else."""
    found = item.wanted if isinstance(item, Several) else item
    if not isinstance(found, Written):
        raise TypeError("no entry")
    return found
