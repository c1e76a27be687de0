"""Who may be collected. One word says why not; the landing counts refusals by that word.

Only what is public without any wish to the contrary is kept:

- ``visibility``: a post that is not ``public``. *Unlisted* ("quiet public") is refused too: its author took it out
  of the hashtag's timeline.
- ``noindex``: the profile asks search engines to stay away.
- ``indexable``: the profile says ``indexable: false``, that is, its posts may not be found by searching their words;
  a table of words that can be queried is just that. A server that does not know this sign (null) says nothing.
- ``nobot``: the profile carries ``#nobot``, ``#noindex``, ``#noarchive`` or the like.
- ``instance``: the campaign's `deny_instances` names the account's server.
- ``opted_out``: the person asked this study to leave them out.

``discoverable: false`` is about recommendations, not about being read: it is no refusal.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from passerelle.identity import fold_hashtag
from passerelle.records import AccountRecord, EngagementRecord, Evidence, PostRecord

REASONS = ("visibility", "noindex", "indexable", "nobot", "instance", "opted_out")

_KEEP_OUT = re.compile(r"[#＃](?:no_?(?:bots?|index|archiv(?:e|ing)|search|scrap(?:e|ing)|crawl(?:ing)?))(?!\w)")
_TAGS = re.compile(r"<[^>]*>")


def decide(
    record: AccountRecord | PostRecord | EngagementRecord,
    evidence: Evidence | None,
    deny_instances: Collection[str] = (),
) -> str | None:
    """Why `record` may not be kept (one of REASONS), or None if it may.

    `evidence` is what is known of the profile of its account (author, engager), None where nothing is.
    """
    if isinstance(record, PostRecord) and record.visibility != "public":
        return "visibility"
    account = record.author if isinstance(record, PostRecord) else record.account
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


def instance_of(account: str) -> str | None:
    """The server in ``acct:user@host``; None for other identities."""
    if not account.startswith("acct:"):
        return None
    return account.rpartition("@")[2].lower()


def is_denied(instance: str | None, deny_instances: Collection[str]) -> bool:
    """Whether `deny_instances` names `instance` or a domain above it."""
    if not instance:
        return False
    return any(instance == host or instance.endswith("." + host) for host in map(str.lower, deny_instances))
