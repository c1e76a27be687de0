"""Who is let in during one run: what a profile, a campaign and an opt-out refuse, and what goes with it."""

from __future__ import annotations

from collections.abc import Iterable

from passerelle.campaign import Campaign
from passerelle.identity import Pseudonyms
from passerelle.policy import decide
from passerelle.records import (
    AccountRecord,
    DeletionRecord,
    EngagementRecord,
    Evidence,
    PollRecord,
    PostRecord,
    Record,
)


class Admission:
    """Remembers who refused and which posts were refused; a reason is a word of `passerelle/policy.py`."""

    def __init__(self, campaign: Campaign, pseudonyms: Pseudonyms, opted_out: frozenset[str]) -> None:
        self._deny = campaign.deny_instances
        self._indexable = campaign.collect.indexable
        self._pseudonyms = pseudonyms
        self._opted_out = opted_out
        self._unwilling: dict[str, Evidence] = {}
        self._refused_posts: dict[str, str] = {}

    def refuses_account(self, newest: AccountRecord) -> str | None:
        """Why an account is refused, by its `newest` look: it may have changed its mind; None if it is not."""
        self._unwilling.pop(newest.account, None)
        reason = self._refusal(newest, newest.evidence)
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
                return unwilling or self._refused_posts.get(record.post)
            case PollRecord() | DeletionRecord():
                return self._refused_posts.get(record.post)
        return None

    def _refusal(self, record: AccountRecord | PostRecord | EngagementRecord, evidence: Evidence | None) -> str | None:
        account = record.author if isinstance(record, PostRecord) else record.account
        if self._opted_out and self._pseudonyms.account(account) in self._opted_out:
            return "opted_out"
        return decide(record, evidence, self._deny, self._indexable)
