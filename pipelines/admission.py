"""Who is let in during one run: what a profile, a campaign and an opt-out refuse, and what goes with it."""

from __future__ import annotations

from collections.abc import Iterable

from passerelle.blocks import OPTED_OUT
from passerelle.campaign import Campaign
from passerelle.policy import decide
from passerelle.records import (
    AccountRecord,
    CoverageRecord,
    DeletionRecord,
    EngagementRecord,
    Evidence,
    PollRecord,
    PostRecord,
    Record,
)
from pipelines.absence import Absence


class Admission:
    """Remembers who refused and which posts were refused; a reason is a word of `passerelle/policy.py`."""

    def __init__(self, campaign: Campaign, absence: Absence) -> None:
        self._deny = campaign.deny_instances
        self._indexable = campaign.collect.indexable
        self._absence = absence
        self._unwilling: dict[str, Evidence] = {}
        self._refused_posts: dict[str, str] = {}

    def refuses_account(self, newest: AccountRecord) -> str | None:
        """Why an account is refused, by its `newest` look: it may have changed its mind; None if it is not."""
        self._unwilling.pop(newest.account, None)
        if self._absence.meets(newest):
            return OPTED_OUT
        reason = self._absence.heed(newest, decide(newest, newest.evidence, self._deny, self._indexable))
        if reason:
            self._unwilling[newest.account] = newest.evidence
        return reason

    def note_posts(self, posts: Iterable[PostRecord]) -> None:
        """Remember which of `posts` are refused, before anything that goes with them is asked about."""
        for post in posts:
            if reason := self._refusal(post, self._unwilling.get(post.author)):
                self._refused_posts[post.post] = reason

    def refuses(self, record: Record) -> str | None:
        """A refused post goes with its reposts, favourites and polls; an unwilling account with what it did."""
        match record:
            case PostRecord():
                return self._refused_posts.get(record.post) or self._refused_posts.get(record.repost_of or "")
            case EngagementRecord():
                unwilling = self._refusal(record, self._unwilling.get(record.account))
                return unwilling or self._of_post(record.post)
            case PollRecord() | DeletionRecord():
                return self._of_post(record.post)
            case CoverageRecord(scope="history"):
                return OPTED_OUT if self._absence.account(record.subject) else None
            case CoverageRecord(scope="thread" | "engagement"):
                return OPTED_OUT if self._of_post(record.subject) == OPTED_OUT else None
        return None

    def _of_post(self, post: str) -> str | None:
        return self._refused_posts.get(post) or (OPTED_OUT if self._absence.post(post) else None)

    def _refusal(self, record: PostRecord | EngagementRecord, evidence: Evidence | None) -> str | None:
        account = record.author if isinstance(record, PostRecord) else record.account
        if self._absence.account(account) or self._absence.post(record.post):
            return OPTED_OUT
        if isinstance(record, PostRecord) and "repost_of" in self._absence.relations(record):
            return OPTED_OUT
        reason = decide(record, evidence, self._deny, self._indexable)
        return reason or (wish.reason if (wish := self._absence.wish(account)) else None)
