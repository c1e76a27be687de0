"""What a platform is to the collection: how to ask for each list, and how to read one item of it.

A platform is asked by `collecting`, which knows hashtags, threads, engagement, histories, holes and coverage, and
nothing of the platform; what the platform does not have is an empty answer here, and ``not_offered`` in the coverage.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, Protocol

from passerelle.allowed import EngagementKind
from passerelle.records import AccountRecord, DeletionRecord, EngagementRecord, MalformedRecord, PostRecord
from passerelle.values import UnkeptError
from spiders.asking.answers import Answer
from spiders.asking.api import Api, Dialect
from spiders.asking.ask import Ask
from spiders.asking.run import Run
from spiders.asking.session import Login
from spiders.collecting.budget import Cost, Spending
from spiders.collecting.known import Known
from spiders.collecting.names import LocalNames
from spiders.collecting.paging import Next, by_link
from spiders.collecting.people import Naming, TokenOf, Traces, gather
from spiders.collecting.redacting import Redactor
from spiders.collecting.state import CrawlState
from spiders.streaming.shape import Stream

Item = Any  # one thing of a list, as the server gave it: nothing is known of its shape yet
# what reading an item may raise where it cannot be a record: it costs that item only
MALFORMED = (LookupError, TypeError, ValueError, OverflowError, AttributeError, RecursionError)
NOT_OFFERED = "not_offered"
NEWEST = "newest_only"  # a list shows its newest items, and does not reach back to what was read before
SEARCH = "search"  # a search was read to its end: it shows what its index has, which proves nothing
WITHOUT_REPLIES = "without_replies"  # a person's history holds what they wrote, but not whom they answered
AS_FAR_AS_SHOWN = (NEWEST, SEARCH)  # all was read that the server shows


def why_unread(error: Exception, thing: str = "post") -> str:
    """Why one `thing` cannot be a record, from what its reading raised (one of MALFORMED), in words of our own."""
    return error.reason if isinstance(error, UnkeptError) else f"not the fields that a {thing} has"


def whole(payload: Any) -> Sequence[Item]:
    """The items of an answer that is a list. Raises TypeError for anything else."""
    if not isinstance(payload, list):
        raise TypeError("no list")
    return payload


def under(name: str) -> Callable[[Any], Sequence[Item]]:
    """The items that an answer holds under `name`. Raises KeyError or TypeError for one that does not."""
    return lambda payload: whole(payload[name])


def nothing(payload: Any) -> Sequence[Item]:
    """No items."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list that can be walked from its `first` question on.

    `items` are what an answer holds of it; `above` what stands over a thread, which is shown and not followed. Both
    raise one of MALFORMED for an answer that is no such list. `next` is how its pages follow each other; `part` tells
    several lists of one hashtag apart; `total` is what an answer says of how many items there are. One that is
    `oldest_first` is walked whole, and what is too old in it is left; one that `is_search` is never known to be whole.
    One that goes `by_words` holds look-alikes too. In one `of_several` lists an empty answer tells of one of them only.
    One `is_beside` others: that it is refused is no reason to give up the server.
    `flaw` tells once it was read why it is not what was asked for, in one word of coverage.
    `shows_newest` tells of its last answer whether there may be older items than those that the server shows, `reach`
    from when on it shows all (None: from its oldest).
    `edge` are the native ids of posts in an answer below which the server cut a thread (None: any may be one).
    """

    first: str | Ask
    items: Callable[[Any], Sequence[Item]] = whole
    above: Callable[[Any], Sequence[Item]] = nothing
    next: Next = by_link
    max_pages: int = 100
    part: str = ""
    total: Callable[[Answer], int | None] | None = None
    oldest_first: bool = False
    is_search: bool = False
    by_words: bool = False
    of_several: bool = False
    is_beside: bool = False
    flaw: Callable[[], str | None] | None = None
    shows_newest: Callable[[Any], bool] | None = None
    reach: datetime | None = None
    edge: Callable[[Any], Collection[str]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A thread in a list that shows none of its posts: `replies` is what is said to be in it, `active_at` when last."""

    uri: str
    active_at: datetime
    replies: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One thing that an item shows: an account, a post, an act, or several of them.

    `native` is the server's own id of the post, `local` that of who acted. `parent` and `quoted` are native ids of what
    the post answers and quotes without showing it, `root` that of its thread's first, where no list of a thread holds
    it; `answers` the local id of whom it answers. `role`: a ``post`` is
    followed where the campaign showed it, a ``repost`` brings the post that comes after it, a ``quoted`` one is only
    shown, an ``account`` stands beside a post, one that is ``gone`` was deleted, a ``withheld`` one came without what
    was said in it. Of a ``thread`` there is the `head` only: what is in it comes as it is read.
    """

    role: Literal["post", "repost", "quoted", "account", "gone", "withheld", "thread"]
    head: Head | None = None
    account: AccountRecord | None = None
    record: PostRecord | EngagementRecord | DeletionRecord | MalformedRecord | None = None
    native: str = ""
    local: str | None = None
    parent: str | None = None
    quoted: str | None = None
    root: str | None = None
    answers: str | None = None


class Streaming(Stream, Protocol):
    """A platform's stream: what an event is about, and what it shows. `what` is what its frames hold."""

    def concerns(self, what: Any, known: Known) -> bool:
        """Whether it is about what is `known`, or under the campaign's hashtag. Raises MALFORMED."""

    def actor(self, what: Any) -> str:
        """The local id of who did it."""

    def author_of(self, uri: str) -> str:
        """The local id of who wrote the post of that address; empty where it does not say."""

    def version(self, what: Any) -> tuple[str, str]:
        """The address of what it changes, and which change it is: later ones sort after earlier ones; empty: unsaid."""

    def names_campaign(self, what: Any, known: Known) -> bool:
        """Whether it is a post under the campaign's hashtag."""

    def is_new(self, what: Any) -> bool:
        """Whether what it changes is there from now on, and may be deleted later."""

    def is_hidden(self, what: Any) -> bool | None:
        """Whether an account is shown no more (True) or again (False); None where it says neither."""

    def asks_author(self, what: Any) -> bool:
        """Whether it is read with its author's profile."""

    def changes_profile(self, what: Any) -> bool:
        """Whether its author's profile is another from now on."""

    def read(self, what: Any, at: datetime, author: Any, known: Known) -> Iterator[Seen]:
        """What it shows, with the profile of its `author`. Raises one of MALFORMED for what cannot be a record."""

    def profiles(self, locals_: Sequence[str]) -> Ask:
        """What the profiles of some accounts are asked for by."""

    def shown_profiles(self, payload: Any) -> Mapping[str, Any]:
        """The profiles in an answer, by local id. Raises one of MALFORMED."""

    def account(self, profile: Any, at: datetime) -> AccountRecord:
        """The account of a profile. Raises one of MALFORMED."""


class Platform(Dialect, Protocol):
    """One server of a platform: asked about, and read. A plain address is a path or a whole URL, asked for by GET.

    A platform is a subclass that says what it has: what it does not say is answered here, as not offered. `names` are
    what the server's own ids stand for, `spending` is what may be asked of it where it allows so much a day; `told` is
    what a person must know of how it was asked, in English and French. What was said may be kept for `refresh_days`
    after each look, where its terms say so. Whether who reposted comes with times: `tells_times`. `people` is how its
    answers name somebody.
    """

    name: ClassVar[str]
    names: LocalNames
    login: Login | None = None
    told: Sequence[tuple[str, str]] = ()
    spending: Spending | None = None
    refresh_days: ClassVar[int | None] = None
    tells_times: ClassVar[bool] = False
    people: ClassVar[Naming]

    @classmethod
    def gather(cls, body: bytes, host: str, domain: str, token_of: TokenOf) -> dict[str, Traces]:
        """By which words a body names those for whom there is a token, by identity."""
        try:
            return gather(json.loads(body), cls.people, host, domain, token_of)
        except (ValueError, RecursionError):
            return {}

    @classmethod
    def redact(cls, body: bytes, redactor: Redactor) -> bytes:
        """A body without those whom `redactor` takes out; the very same where it names none of them."""
        return redactor.body(body)

    def cost(self, ask: Ask) -> Cost:
        """What one attempt at a question costs at most; nothing where the platform counts none."""
        return {}

    def charged(self, ask: Ask, answer: Answer) -> Cost:
        """What an answer has cost: as much as was said before, each time, unless the platform counts what came."""
        return {name: parts * answer.attempts for name, parts in self.cost(ask).items()}

    def affords(self, ask: Ask) -> bool:
        """Whether enough is left for a question."""
        return self.spending is None or self.spending.affords(self.cost(ask))

    def spend(self, ask: Ask, answer: Answer) -> None:
        """Count what a question has cost."""
        if self.spending is not None:
            self.spending.spend(self.charged(ask, answer), answer.captured_at)

    async def greet(self, api: Api) -> None:
        """Learn what must be known before anything else is asked. Raises PasserelleError with the remedy."""

    def doors(self, tag: str) -> Iterable[str]:
        """Addresses without which nothing of `tag` can be read: robots.txt must allow them. Raises UsageError."""

    async def hashtag(self, api: Api, tag: str) -> Sequence[Listing] | Answer:
        """The lists of posts under `tag`, newest first; the answer that refused to name them, where one was needed."""

    def post(self, native: str) -> str | Ask:
        """What one post is asked for by."""

    def several(self, natives: Sequence[str]) -> Listing | None:
        """Many posts at a time, each as `post` shows it; None where they are asked for one by one."""
        return None

    def thread(self, native: str) -> Listing | None:
        """What belongs to a post's thread; None where the platform has none."""
        return None

    def engagement(self, native: str, kind: EngagementKind) -> Listing | None:
        """Who reposted or favourited a post; None where the platform does not show it."""
        return None

    def quotes(self, native: str) -> Listing | None:
        """The posts that quote a post; None where the platform does not show them."""
        return None

    async def acts(self, api: Api, local: str) -> Listing | None:
        """What an account reposted and when, newest first, without the posts; None where that is not shown."""
        return None

    def history(self, local: str) -> Listing | None:
        """What an account wrote, newest first; None where the platform does not show it."""
        return None

    def stream(self) -> Streaming | None:
        """What tells of things as they happen; None where the platform has no such thing."""
        return None

    def native(self, item: Item) -> str | None:
        """The server's own id of the post that `item` is, or wraps; None where it has none. Raises MALFORMED."""

    def created_at(self, item: Item) -> datetime:
        """When `item` was written, or reposted. Raises one of MALFORMED."""

    def hashtags(self, item: Item) -> Sequence[str] | None:
        """The hashtags of the post that `item` is, or wraps; None where it cannot tell. Raises MALFORMED."""

    def learn(self, item: Item) -> None:
        """Note what ids in `item` stand for; a whole page is learnt before any of it is read. Raises MALFORMED."""

    def read(self, item: Item, at: datetime) -> Iterator[Seen]:
        """What `item`, captured `at`, shows, in order. Raises one of MALFORMED for what cannot be a record."""

    def read_engager(self, item: Item, post: str, kind: EngagementKind, at: datetime) -> Iterator[Seen]:
        """Who engaged with `post`. Raises one of MALFORMED."""
        return iter(())


class Opened(Protocol):
    """How a platform is opened for one run: a class, or any function."""

    def __call__(self, run: Run, state: CrawlState, shown: MutableMapping[str, str]) -> Platform:
        """The platform of `run`; `shown` holds native id -> URI of the posts known, and takes more."""
