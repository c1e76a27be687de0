"""Records to rows of the lake's tables: an allow-list of fields, every identity a pseudonym."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from passerelle.erased import NO_POST
from passerelle.identity import Pseudonyms, fold_hashtag
from passerelle.records import (
    AccountRecord,
    CoverageRecord,
    DeletionRecord,
    EngagementRecord,
    MalformedRecord,
    MentionRecord,
    PollRecord,
    PostRecord,
    Record,
)
from passerelle.values import storable
from pipelines.absence import Absence
from pipelines.names_in_text import people
from pipelines.profile import ProfileReader
from pipelines.setting_aside import place, reason_told
from pipelines.text import plain_text

Row = dict[str, Any]

_LANGUAGE = re.compile(r"[a-z]{2}")
_VERSION = [
    "text",
    "language",
    "hashtags",
    "mentions",
    "reply_to_id",
    "repost_of_id",
    "quote_of_id",
    "replies",
    "reposts",
    "quotes",
    "favourites",
    "has_media",
]


@dataclass(frozen=True, slots=True)
class Rows:
    """Makes the rows of one run."""

    run_id: str
    pseudonyms: Pseudonyms
    profiles: ProfileReader
    absence: Absence

    def post(self, record: PostRecord) -> Row:
        """A row of `post_versions`, but for `iso_week`, which the batch adds.

        A repost has no words, mentions, quotes or parent of its own: they are the original's (measures, rule 1).
        """
        account, post = self.pseudonyms.account, self.pseudonyms.post
        own = record.repost_of is None
        mentions = [one for one in record.mentions if not self._is_absent(one)] if own else []
        hidden = self.absence.relations(record)
        row = {
            "platform": record.platform,
            "post_id": post(record.post),
            "created_at": record.created_at,
            "captured_at": record.captured_at,
            "edited_at": record.edited_at,
            "author_id": account(record.author),
            "text": self._words(record) if own else "",
            "language": _language(record.language),
            "hashtags": _once(fold_hashtag(tag) for tag in record.hashtags),
            "mentions": self._accounts(mentions),
            "prefix_mentions": self._accounts(m for m in mentions if m.prefix),
            "reply_to_id": NO_POST if own and "reply_to" in hidden else _maybe(post, record.reply_to if own else None),
            "reply_to_author_id": _maybe(account, record.reply_to_author if own and "reply_to" not in hidden else None),
            "root_id": _maybe(post, record.root if own and "root" not in hidden else None),
            "repost_of_id": _maybe(post, record.repost_of),
            "repost_of_author_id": _maybe(account, record.repost_of_author),
            "quote_of_id": NO_POST if own and "quote_of" in hidden else _maybe(post, record.quote_of if own else None),
            "quote_of_author_id": _maybe(account, record.quote_of_author if own and "quote_of" not in hidden else None),
            "replies": record.replies,
            "reposts": record.reposts,
            "quotes": record.quotes,
            "favourites": record.favourites,
            "has_media": record.has_media,
            "embedded": record.embedded,
            "reply_to_is_local": "reply_to" in record.only_local,
            "quote_of_is_local": "quote_of" in record.only_local,
            "source": record.source,
            "run_id": self.run_id,
        }
        row["version_id"] = version_id(row)
        return row

    def account(self, record: AccountRecord, first_seen: datetime) -> Row:
        """A row of `accounts`: flags from the profile, never its words."""
        return {
            "account_id": self.pseudonyms.account(record.account),
            "platform": record.platform,
            "handle_id": self.pseudonyms.handle(record.handle),
            "instance": record.instance,
            "declared_bot": self.profiles.declared_bot(record.evidence),
            "organiser_profile": self.profiles.organiser(record.evidence),
            "created_at": record.created_at,
            "followers": record.followers,
            "moved_to_id": _maybe(self.pseudonyms.account, self._present(record.moved_to)),
            "first_seen_at": first_seen,
            "last_seen_at": record.captured_at,
        }

    def handles(self, record: PostRecord | AccountRecord) -> list[Row]:
        """Rows of `handles`: which account a handle names, by which a campaign file may mean it."""
        pairs = record.mentions if isinstance(record, PostRecord) else (record,)
        return [
            {
                "handle_id": self.pseudonyms.handle(one.handle),
                "account_id": self.pseudonyms.account(one.account),
                "platform": record.platform,
            }
            for one in pairs
            if one.handle and not self._is_absent(one)
        ]

    def post_names(self, record: PostRecord) -> list[Row]:
        """The row of `post_names`, where a server's own id makes another name for the post."""
        if not record.shown_as or record.shown_as == record.post:
            return []
        post = self.pseudonyms.post
        return [{"platform": record.platform, "name_id": post(record.shown_as), "post_id": post(record.post)}]

    def engagement(self, record: EngagementRecord) -> Row:
        """A row of `engagements`; `not_before` comes later, from the polls."""
        return {
            "platform": record.platform,
            "post_id": self.pseudonyms.post(record.post),
            "account_id": self.pseudonyms.account(record.account),
            "kind": record.kind,
            "at": record.at,
            "first_seen": record.captured_at,
            "source": record.source,
        }

    def poll(self, record: PollRecord) -> Row:
        """A row of `polls`."""
        return {
            "platform": record.platform,
            "post_id": self.pseudonyms.post(record.post),
            "kind": record.kind,
            "source": record.source,
            "polled_at": record.captured_at,
            "ended_at": record.ended_at,
            "complete": record.complete,
            "got": record.got,
            "expected": record.expected,
        }

    def deletion(self, record: DeletionRecord) -> Row:
        """A row of `deletions`."""
        post_id = self.pseudonyms.post(record.post)
        return {
            "platform": record.platform,
            "post_id": post_id,
            "source": record.source,
            "deleted_at": record.captured_at,
            "by_own": record.by_own,
        }

    def coverage(self, record: CoverageRecord) -> Row:
        """A row of `coverage`; the subject is a hashtag, a post's or an account's pseudonym."""
        hide = {"timeline": fold_hashtag, "history": self.pseudonyms.account}.get(record.scope, self.pseudonyms.post)
        return {
            "run_id": self.run_id,
            "platform": record.platform,
            "source": record.source,
            "scope": record.scope,
            "subject_id": hide(record.subject),
            "asked_at": record.captured_at,
            "is_complete": record.complete,
            "got": record.got,
            "expected": record.expected,
            "covered_from": record.covered_from,
            "covered_until": record.covered_until,
            "reason": reason_told(record.reason, self.pseudonyms) if record.reason else None,
        }

    def quarantine(self, record: Record, reason: str) -> Row:
        """A row of `quarantine`: place and reason, nothing of what was read."""
        return {
            "run_id": self.run_id,
            "source": storable(record.source),
            "place": self._place(record),
            "reason": reason_told(reason, self.pseudonyms),
            "stage": "landing",
            "quarantined_at": record.captured_at,
        }

    def _place(self, record: Record) -> str:
        match record:
            case MalformedRecord():
                return place(record.where, self.pseudonyms)
            case AccountRecord():
                return self.pseudonyms.account(record.account)
            case CoverageRecord():
                return self.pseudonyms.link(record.subject)
        return self.pseudonyms.post(record.post)

    def _words(self, record: PostRecord) -> str:
        names = people(record.platform, record.mentions, self.pseudonyms, self.absence)
        return plain_text(record.text, record.text_format, names)

    def _is_absent(self, one: AccountRecord | MentionRecord) -> bool:
        return self.absence.account(one.account) or self.absence.handle(one.handle)

    def _present(self, account: str | None) -> str | None:
        return account if account and not self.absence.account(account) else None

    def _accounts(self, mentions: Iterable[MentionRecord]) -> list[str]:
        return _once(self.pseudonyms.account(mention.account) for mention in mentions)


def version_id(row: Row) -> str:
    """24 hex digits that differ when words, counts or relations of a post differ, whoever captured it when."""
    seen = orjson.dumps([row[name] for name in _VERSION])
    return hashlib.blake2b(seen, digest_size=12).hexdigest()


def _once(values: Iterable[str]) -> list[str]:
    return [value for value in dict.fromkeys(values) if value]


def _maybe(hide: Any, identity: str | None) -> str | None:
    return hide(identity) if identity else None


def _language(code: str | None) -> str | None:
    """ISO 639-1 or null: ``de-DE`` is ``de``; what platforms say for "unknown" (``und``, ``zxx``) is null."""
    head = (code or "").replace("_", "-").partition("-")[0].lower()
    return head if _LANGUAGE.fullmatch(head) else None
