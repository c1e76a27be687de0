"""Discourse by its JSON: a hashtag is a tag of topics, and a word in posts, which a search finds.

A topic in the tag's list is only the head of a thread: its posts come as it is read. Its first post carries the tags,
replies do not inherit them; a post that answers nobody answers the first. A search shows one post a topic, and a piece
of that: where the piece holds the hashtag, the post and its answers are read. A second look at a topic asks for its
first posts and those that are new. What moderators hide, and notices of the forum, are nobody's speech.

A person is ``discourse:HOST/username``, lower case, as first seen with their number: a rename changes nothing. Likes
are counted; a forum says who gave them, never when, and they are not asked for.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote, urlencode, urlsplit

from passerelle.hashtags import hashtags_in
from passerelle.records import AccountRecord, DeletionRecord, Evidence, MalformedRecord, MentionRecord, PostRecord
from passerelle.values import UnkeptError, is_identity
from spiders.asking.answers import Answer
from spiders.asking.api import Api
from spiders.asking.guard import hashtag_path
from spiders.asking.run import Run
from spiders.collecting.names import LocalNames
from spiders.collecting.people import Naming, Shape
from spiders.collecting.shape import MALFORMED, Head, Item, Listing, Platform, Seen, under, whole, why_unread
from spiders.collecting.spider import PlatformSpider
from spiders.collecting.state import CrawlState
from spiders.collecting.values import Json, Values, id_text, moment, native_id
from spiders.collecting.words import shown_words
from spiders.platforms.discourse.pages import TopicStream, answers, by_offset, more_topics, older, one_or_more
from spiders.platforms.discourse.words import CookedWords, likes, tags_of

NAME = "discourse"
_SPEECH = (1, 2)  # a post, a moderator's; others are notices of the forum, or whispered


class ForumNames(LocalNames):
    """A topic is ``501``, the post that stands second in it ``501/2``; a post is named by its number in the forum."""

    platform: ClassVar[str] = NAME


class Discourse(Platform):
    """One forum."""

    name: ClassVar[str] = NAME
    people: ClassVar[Naming] = Naming(
        shapes=(
            Shape(has=("username", "user_id"), local="user_id", names=("username",), shown=("name",)),
            Shape(has=("username",), names=("username",), shown=("name",)),
        ),
        person=lambda found, host: f"{NAME}:{host}/{str(found['username']).lower()}",
        written_by=("user_id",),
    )

    def __init__(self, run: Run, state: CrawlState, shown: MutableMapping[str, str]) -> None:
        self.names = ForumNames(run.source, run.source, shown, dict(state.accounts))
        self._run = run
        self._known = frozenset(state.posts.values())
        self._topics = set(state.followed) | set(state.posts)  # those of the campaign, among others
        self._heads: dict[str, tuple[str, list[str]]] = {}  # title and tags of the topics shown in this run
        self._people: dict[str, str] = {}  # identity by name, as both are now

    def doors(self, tag: str) -> Iterable[str]:
        """The tag's list."""
        return [f"/tag/{hashtag_path(tag)}.json"]

    async def hashtag(self, api: Api, tag: str) -> Sequence[Listing]:
        """Topics of the tag, those last active first; beside them posts with the word, newest first."""
        most = self._run.campaign.collect.max_pages
        (tagged,) = self.doors(tag)
        word = f"/search.json?{urlencode({'q': f'{tag} order:latest', 'page': '1'})}"
        searched = Listing(first=word, items=self._found, next=older, max_pages=most, part="search")
        return [
            Listing(first=tagged, items=self._listed, next=more_topics, max_pages=most),
            replace(searched, is_search=True, is_beside=True),
        ]

    def post(self, native: str) -> str:
        """A topic with its first posts, or one post."""
        topic, _, number = native.partition("/")
        known = self.names.posts.get(native, "").rpartition("/p/")[2]
        if not number:
            return f"/t/{quote(topic)}.json"
        return f"/posts/{known}.json" if known else f"/posts/by_number/{quote(topic)}/{quote(number)}.json"

    def thread(self, native: str) -> Listing | None:
        """All of a topic; of a post in a topic that is not the campaign's, the post and what answers it."""
        topic, _, number = native.partition("/")
        if not number:
            stream = TopicStream(topic, self._known)
            return Listing(first=self.post(native), items=self._posts, next=stream.next, total=stream.total)
        if topic in self._topics:
            return None
        return Listing(first=self.post(native), items=one_or_more, next=answers)

    def history(self, local: str) -> Listing:
        """An account's topics and answers, in short."""
        name = next((name for name, who in self._people.items() if who == self.names.accounts[local]), "")
        asked = {"username": name or self.names.accounts[local].rpartition("/")[2], "filter": "4,5", "offset": "0"}
        most = self._run.campaign.collect.history_max_pages
        first = f"/user_actions.json?{urlencode(asked, safe=',')}"
        return Listing(first=first, items=under("user_actions"), next=by_offset, max_pages=most)

    def judge(self, answer: Answer) -> Answer:
        """By the kind of error: a tag that nobody has used lists nothing; what is closed says nothing of the rest."""
        kind = answer.problem.get("error_type") if isinstance(answer.problem, dict) else None
        if kind == "not_found" and urlsplit(answer.url).path.startswith("/tag/"):
            return replace(answer, outcome="ok", payload={"topic_list": {"topics": []}})
        if kind == "not_logged_in":
            return replace(answer, outcome="login")
        return replace(answer, of_one=True) if kind == "invalid_access" else answer

    def native(self, item: Item) -> str | None:
        """``TOPIC`` or ``TOPIC/NUMBER``."""
        if "post_number" not in item:
            return native_id(item)
        topic, number = id_text(item["topic_id"]), id_text(item["post_number"])
        return f"{topic}/{number}" if topic and number else None

    def created_at(self, item: Item) -> datetime:
        """When a post was written, or a topic last active: lists are sorted by that."""
        return moment(item.get("bumped_at") or item.get("last_posted_at") or item["created_at"])

    def hashtags(self, item: Item) -> Sequence[str]:
        """Of a topic its tags and those in its title; of a post those in what is shown of it."""
        native = self.native(item) or ""
        if "post_number" not in item:
            return [*tags_of(item), *hashtags_in(str(item.get("title") or ""))]
        found = item.get("cooked") or item.get("blurb") or item.get("excerpt") or ""
        return [*self._tags_of(native), *hashtags_in(shown_words(str(found)))]

    def learn(self, item: Item) -> None:
        """The names of posts and of those who wrote them."""
        native = self.native(item)
        if native is None:
            raise UnkeptError("post without id")
        if "post_number" not in item:
            self._heads[native] = (str(item.get("title") or ""), tags_of(item))
            self.names.posts[native] = f"https://{self.names.host}/t/{native}"
            return
        number = id_text(item.get("post_id") or item.get("id"))
        if number is None:
            raise UnkeptError("post without id")
        self.names.posts[native] = f"https://{self.names.host}/p/{number}"
        if item.get("username"):
            self.names.authors[native] = self._identity(item)

    def read(self, item: Item, at: datetime) -> Iterator[Seen]:
        """The head of a topic, and the posts that come with it; a post; that one was deleted, or is held back."""
        native = self.native(item) or ""
        if "post_number" not in item:
            yield Seen(role="thread", native=native, head=self._head(item, native))
            for post in self._posts(item) if "post_stream" in item else ():
                yield from self._shown(post, at)
            return
        uri = self.names.posts[native]
        if "blurb" in item:
            yield Seen(role="thread", native=native, head=Head(uri=uri, active_at=self.created_at(item)))
        elif item.get("user_deleted") or item.get("deleted_at") or item.get("deleted") is True:
            gone = DeletionRecord(platform=NAME, post=uri, captured_at=at, source=self.names.host)
            yield Seen(role="gone", record=gone, native=native)
        elif item.get("post_type", 1) not in _SPEECH or item.get("hidden") or item.get("cooked_hidden"):
            yield Seen(role="withheld", native=native)
        else:
            yield self._post(item, native, at)

    def _shown(self, post: Item, at: datetime) -> Iterator[Seen]:
        """One of the posts that come with a topic: what is wrong with it costs itself only."""
        try:
            self.learn(post)
            yield from list(self.read(post, at))
        except MALFORMED as error:
            reason = why_unread(error)
            where = f"topic#{id_text(post.get('id')) if isinstance(post, dict) else None}"
            broken = MalformedRecord(source=self.names.host, where=where, reason=reason, captured_at=at)
            yield Seen(role="account", record=broken)

    def _post(self, item: Json, native: str, at: datetime) -> Seen:
        left_out, host = list[str](), self.names.host
        is_edited = (Values(item, left_out).count("version", "edited_at") or 0) > 1
        values, author, root = Values(item, left_out), self._identity(item), f"{native.partition('/')[0]}/1"
        answered = id_text(item.get("reply_to_post_number"))
        parent = f"{root[:-1]}{answered or 1}" if native != root else None
        words = CookedWords(values.text("cooked", "text") or values.text("excerpt", "text"))
        quoted = f"{words.quoted[0]}/{words.quoted[1]}" if words.quoted else None
        if item.get("truncated") is True:
            values.leave_out("text", "cut short")
        title = self._heads.get(root[:-2], ("", []))[0] if native == root else ""
        record = PostRecord(
            platform=NAME,
            post=self.names.posts[native],
            author=author,
            created_at=self.created_at(item),
            captured_at=at,
            source=host,
            text=(f"<p>{html.escape(title)}</p>" if title else "") + words.own,
            text_format="html",
            hashtags=tuple(dict.fromkeys([*self._tags_of(native), *hashtags_in(shown_words(f"{title} {words.own}"))])),
            mentions=tuple(
                MentionRecord(account=who, handle=f"{NAME}:@{one}")
                for one in words.mentions
                if (who := self._named(one)) is not None
            ),
            reply_to=parent and self.names.post(parent),
            reply_to_author=self.names.authors.get(parent or ""),
            root=self.names.post(root) if parent else None,
            quote_of=self.names.post(quoted) if quoted and quoted != native else None,
            quote_of_author=self._named(words.quoted[2]) if words.quoted and quoted != native else None,
            edited_at=values.time("updated_at", "edited_at") if is_edited else None,
            replies=values.count("reply_count", "replies"),
            favourites=likes(values) if "actions_summary" in item else None,
            where=f"{host}/{native}",
            left_out=tuple(left_out),
        )
        local = id_text(item.get("user_id"))
        is_machine = (local or "").startswith("-")
        account = AccountRecord(
            platform=NAME,
            account=author,
            handle=f"{NAME}:@{item['username']}",
            captured_at=at,
            source=host,
            evidence=Evidence(bot=is_machine),
        )
        return Seen(
            role="post",
            account=account,
            record=record,
            native=native,
            local=None if is_machine else local,
            parent=parent,
            quoted=quoted,
        )

    def _listed(self, payload: Any) -> Sequence[Item]:
        """The topics of a list; those of the campaign are noted, so that the search leaves them."""
        topics = whole(payload["topic_list"]["topics"])
        self._topics |= {str(native_id(topic)) for topic in topics if isinstance(topic, dict)}
        return topics

    def _found(self, payload: Any) -> Sequence[Item]:
        """What a search finds outside of the topics that are read whole."""
        found = whole(payload["posts"])
        return [one for one in found if not isinstance(one, dict) or id_text(one.get("topic_id")) not in self._topics]

    def _posts(self, payload: Any) -> Sequence[Item]:
        """The posts of a topic, or of a part of it."""
        if "tags" in payload:
            self._heads[str(native_id(payload))] = (str(payload.get("title") or ""), tags_of(payload))
        return whole(payload["post_stream"]["posts"])

    def _head(self, item: Json, native: str) -> Head:
        values = Values(item, [])
        held = values.count("highest_post_number", "replies") or values.count("posts_count", "replies")
        return Head(uri=self.names.posts[native], active_at=self.created_at(item), replies=held)

    def _tags_of(self, native: str) -> list[str]:
        topic, _, number = native.partition("/")
        return self._heads.get(topic, ("", []))[1] if number == "1" else []

    def _identity(self, item: Json) -> str:
        """Who wrote it: by their number where that is known, whatever they are called now."""
        local, name = id_text(item.get("user_id")), str(item.get("username") or "").lower()
        if not name or not is_identity(name):
            raise UnkeptError("post without author")
        named = f"{NAME}:{self.names.host}/{name}"
        if local is None:
            return self._people.get(name, named)
        if local not in self.names.accounts:
            is_taken = named in self.names.accounts.values()  # by somebody who is called otherwise by now
            self.names.accounts[local] = f"{named}/{local}" if is_taken else named
        self._people[name] = self.names.accounts[local]
        return self.names.accounts[local]

    def _named(self, name: str) -> str | None:
        if not is_identity(name):
            return None
        return self._people.get(name.lower(), f"{NAME}:{self.names.host}/{name.lower()}")


class DiscourseSpider(PlatformSpider):
    """One crawl of a forum."""

    name = NAME
    opened = Discourse
