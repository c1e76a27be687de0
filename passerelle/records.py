"""What a collector yields: plain, frozen records. Identities are still clear here; `pipelines/` hides them.

Identities are canonical strings. An account of a federated platform is ``acct:user@host`` (lower case, completed
with the server's domain), of any other ``<platform>:<what names a person there>``; a post is ``<uri>`` where the
platform has one, else ``<platform>:<native id>``. Times are aware UTC datetimes.
`left_out` names (``field: reason``) the values that came with a record and could not be kept: they are null in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from passerelle.allowed import EngagementKind, PollKind, Scope

TextFormat = Literal["html", "plain"]
Relation = Literal["reply_to", "quote_of"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Profile evidence that becomes flags before landing; the profile text itself is never kept."""

    note: str = ""
    bot: bool = False
    noindex: bool = False
    indexable: bool | None = None
    discoverable: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRecord:
    """An account as seen at `captured_at`; `moved_to` is the one that its owner says to have gone on with."""

    platform: str
    account: str
    handle: str
    captured_at: datetime
    source: str
    instance: str | None = None
    created_at: datetime | None = None
    followers: int | None = None
    evidence: Evidence = field(default_factory=Evidence)
    moved_to: str | None = None
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionRecord:
    """An account named by a post. `prefix`: the platform set it before the text (inherited by a reply)."""

    account: str
    handle: str
    prefix: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRecord:
    """A post as seen at `captured_at`. A repost is a post with `repost_of` and no text of its own.

    `only_local` names the relations that hold a server's own id, since it does not show the post that they point to;
    `shown_as` is what such a relation to this very post holds, where that is not `post`.
    """

    platform: str
    post: str
    author: str
    created_at: datetime
    captured_at: datetime
    source: str
    text: str
    text_format: TextFormat
    language: str | None = None
    hashtags: tuple[str, ...] = ()
    mentions: tuple[MentionRecord, ...] = ()
    reply_to: str | None = None
    reply_to_author: str | None = None
    root: str | None = None
    repost_of: str | None = None
    repost_of_author: str | None = None
    quote_of: str | None = None
    quote_of_author: str | None = None
    edited_at: datetime | None = None
    visibility: str = "public"
    replies: int | None = None
    reposts: int | None = None
    quotes: int | None = None
    favourites: int | None = None
    has_media: bool = False
    embedded: bool = False
    where: str = ""
    only_local: tuple[Relation, ...] = ()
    shown_as: str = ""
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagementRecord:
    """`account` reposted or favourited `post`; the platform gives no time, the poll bounds it."""

    platform: str
    post: str
    account: str
    kind: EngagementKind
    captured_at: datetime
    source: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRecord:
    """One look at who engaged with a post. `complete`: as many accounts came as the post's counter said.

    `captured_at` is when its first page came, `ended_at` its last.
    """

    platform: str
    post: str
    kind: PollKind
    captured_at: datetime
    source: str
    complete: bool
    got: int
    expected: int | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionRecord:
    """The platform said that a post is gone (404, 410 or a delete event; never a 5xx or a time-out).

    `by_own`: the server that the post was written on says so, not another that had a copy.
    """

    platform: str
    post: str
    captured_at: datetime
    source: str
    by_own: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRecord:
    """What was asked of a source and what came: one per hashtag timeline, thread, or account history.

    `scope` is ``timeline``, ``thread`` or ``history``; `subject` the hashtag, root post or account;
    [`covered_from`, `covered_until`) the time that is now known, null when nothing is. `reason` says in one
    word why it is not complete (``unreachable``, ``rate_limit``, ``limit``, ``refused``, ``missing_replies``...).
    """

    platform: str
    scope: Scope
    subject: str
    captured_at: datetime
    source: str
    complete: bool
    got: int
    expected: int | None = None
    covered_from: datetime | None = None
    covered_until: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MalformedRecord:
    """Something that could not be read as a record: goes to quarantine with its place and reason."""

    source: str
    where: str
    reason: str
    captured_at: datetime


Record = PostRecord | AccountRecord | EngagementRecord | PollRecord | DeletionRecord | CoverageRecord | MalformedRecord
