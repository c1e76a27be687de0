"""Who may be collected, and how far. One word says why not; the landing counts refusals by that word.

Only what is public without any wish to the contrary is kept:

- ``visibility``: a post that is not ``public``. *Unlisted* ("quiet public") is refused too: its author took it out
  of the hashtag's timeline.
- ``noindex``: the profile asks search engines to stay away.
- ``nobot``: the profile carries ``#nobot``, ``#noindex``, ``#noarchive`` or the like.
- ``instance``: the campaign's `deny_instances` names the account's server.
- ``opted_out``: the person asked this study to leave them out.

``indexable: false`` is what servers say of everybody who has not opted in to full-text search. It refuses the
person's *history*: that is not asked for. What they say under the public hashtag, and in its threads, is kept, unless
the campaign file says ``indexable = "all"``. A server that does not know the sign (null) says nothing.

``discoverable: false`` is about recommendations, not about being read: it is no refusal.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

from passerelle.identity import ascii_domain, fold_hashtag
from passerelle.records import AccountRecord, EngagementRecord, Evidence, PostRecord

REASONS = ("visibility", "noindex", "indexable", "nobot", "instance", "opted_out")

LASTING = ("noindex", "nobot")
"""Wishes that hold from the day on which a profile first says so, also where it is not shown."""

Indexable = Literal["history", "all"]

_KEEP_OUT = re.compile(r"[#＃](?:no_?(?:bots?|index|archiv(?:e|ing)|search|scrap(?:e|ing)|crawl(?:ing)?))(?!\w)")
_TAGS = re.compile(r"<[^<>]*>")


def decide(
    record: AccountRecord | PostRecord | EngagementRecord,
    evidence: Evidence | None,
    deny_instances: Collection[str] = (),
    indexable: Indexable = "history",
) -> str | None:
    """Why `record` may not be kept (one of REASONS), or None if it may.

    `evidence` is what is known of the profile of its account (author, engager), None where nothing is; `indexable`
    is what ``indexable: false`` refuses: the history alone, or all.
    """
    if isinstance(record, PostRecord) and record.visibility != "public":
        return "visibility"
    account = record.author if isinstance(record, PostRecord) else record.account
    if is_denied(instance_of(account), deny_instances):
        return "instance"
    reason = refusal_of_profile(evidence) if evidence else None
    return None if reason == "indexable" and indexable == "history" else reason


def refusal_of_history(account: str, evidence: Evidence | None, deny_instances: Collection[str] = ()) -> str | None:
    """Why the public timeline of `account` may not be asked for (one of REASONS), or None if it may."""
    if is_denied(instance_of(account), deny_instances):
        return "instance"
    return refusal_of_profile(evidence) if evidence else None


def refusal_of_profile(evidence: Evidence) -> str | None:
    """The wish that a profile states, if it states one."""
    if evidence.noindex:
        return "noindex"
    if evidence.note and _KEEP_OUT.search(fold_hashtag(" " + _TAGS.sub("", evidence.note))):
        return "nobot"
    return "indexable" if evidence.indexable is False else None


def keep_out_words(note: str) -> list[str]:
    """The signs in `note` (plain) that keep robots out, each once."""
    return list(dict.fromkeys(_KEEP_OUT.findall(fold_hashtag(" " + note))))


def instance_of(account: str) -> str | None:
    """The server in ``acct:user@host``; None for other identities."""
    if not account.startswith("acct:"):
        return None
    return ascii_domain(account.rpartition("@")[2])


def is_denied(instance: str | None, deny_instances: Collection[str]) -> bool:
    """Whether `deny_instances` names `instance` or a domain above it."""
    if not instance:
        return False
    asked = ascii_domain(instance)
    return any(asked == host or asked.endswith("." + host) for host in map(ascii_domain, deny_instances))
