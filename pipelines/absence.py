"""Who is not to be told of in a run: those who objected, before it or in their profile, and those who were erased."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime
from typing import Any

from passerelle.blocks import Block, Blocks
from passerelle.erased import names_nobody
from passerelle.identity import Pseudonyms
from passerelle.policy import LASTING
from passerelle.records import AccountRecord, PostRecord


class Absence:
    """Answers for one run whether somebody is left out, by any name; learns from what profiles say."""

    def __init__(self, pseudonyms: Pseudonyms, blocks: Blocks, opted_out: Container[str] = ()) -> None:
        self._hide = pseudonyms
        self._blocks = blocks
        self._opted_out = opted_out
        self._borne: set[str] = set()
        self._wishes: dict[str, tuple[str, datetime, str]] = {}
        self._lifted: set[str] = set()

    def account(self, identity: str) -> bool:
        """Whether an account is of somebody who is left out."""
        account_id = self._hide.account(identity)
        return names_nobody(identity) or account_id in self._borne or self._holds(account_id)

    def handle(self, handle: str) -> bool:
        """Whether a handle is."""
        return names_nobody(handle) or self._holds(self._hide.handle(handle))

    def post(self, identity: str) -> bool:
        """Whether a post is of somebody who is left out, as far as its name tells."""
        return names_nobody(identity) or self._holds(self._hide.post(identity))

    def link(self, url: str) -> bool:
        """Whether a link leads to somebody who is left out."""
        return names_nobody(url) or self._holds(self._hide.link(url))

    def meets(self, look: AccountRecord) -> bool:
        """Whether a profile is of somebody who is left out: by its account, or by the handle that they gave."""
        if self.account(look.account):
            return True
        if look.handle and self.handle(look.handle):
            self._borne.add(self._hide.account(look.account))
            return True
        return False

    def heed(self, look: AccountRecord, reason: str | None) -> str | None:
        """Why a profile refuses: its own `reason`, or what it said before where another server shows it without that.

        What its own words say holds from then on; the server that told it may tell that it was taken back.
        """
        account_id = self._hide.account(look.account)
        if reason in LASTING:
            self._wishes[account_id] = (str(reason), look.captured_at, look.source)
            self._lifted.discard(account_id)
        elif (wish := self.wish(look.account)) is not None and reason is None:
            if look.source != wish.source or look.captured_at.isoformat() < wish.since:
                return wish.reason
            self._wishes.pop(account_id, None)
            self._lifted.add(account_id)
        return reason

    def wish(self, identity: str) -> Block | None:
        """What somebody's profile said that is not known to have been taken back."""
        account_id = self._hide.account(identity)
        if account_id in self._lifted:
            return None
        if account_id in self._wishes:
            reason, since, source = self._wishes[account_id]
            marks = (self._blocks.mark(account_id),)
            return Block(marks=marks, since=since.isoformat(), cause="profile", reason=reason, source=source)
        return self._blocks.wish(account_id)

    def relations(self, record: PostRecord) -> frozenset[str]:
        """Which relations of a post lead to a post of somebody who is left out."""
        told = {
            name: (getattr(record, name), getattr(record, f"{name}_author", None))
            for name in ("reply_to", "quote_of", "root", "repost_of")
        }
        return frozenset(
            name
            for name, (post, author) in told.items()
            if (post and self.post(post)) or (author and self.account(author))
        )

    def news(self) -> dict[str, Any]:
        """What was learnt, for the manifest; empty where nothing was."""
        asked = [{"marks": [self._blocks.mark(one)], "cause": "asked"} for one in sorted(self._borne)]
        said = [
            {"marks": [mark], "cause": "profile", "reason": reason, "since": since.isoformat(), "source": source}
            for mark, (reason, since, source) in sorted((self._blocks.mark(k), v) for k, v in self._wishes.items())
            if (known := self._blocks.by_mark(mark)) is None or known.reason != reason
        ]
        lifted = sorted(map(self._blocks.mark, self._lifted))
        return {"add": asked + said, "lift": lifted} if asked or said or lifted else {}

    def _holds(self, pseudonym: str) -> bool:
        return pseudonym in self._blocks or pseudonym in self._opted_out
