"""Who is meant by a name in a text: from the names that a post mentions to pseudonyms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from passerelle.erased import NO_LINK, NOBODY
from passerelle.identity import Pseudonyms
from passerelle.platforms import is_hosted
from passerelle.records import MentionRecord
from pipelines.absence import Absence

_PREFIX = re.compile(r"^(?:\w+:)?@?")


@dataclass(frozen=True, slots=True)
class NamesInText:
    """Resolves the names that one post's text may hold.

    A name that the post's mention entities know becomes ``@`` and the account's pseudonym (``@a…``); so does a
    full ``user@host`` on a hosted platform, where that is the identity. Any other becomes ``@`` and the
    handle's pseudonym (``@h…``). Who is left out (`absence`) is nobody. `issued` holds every token given
    out, so that it is not hidden a second time.
    """

    platform: str
    pseudonyms: Pseudonyms
    known: dict[str, str]
    absence: Absence | None = None
    issued: set[str] = field(default_factory=set)

    def token(self, name: str, host: str | None = None) -> str:
        """The token for ``name`` (``user`` or ``user@host``, without the leading @)."""
        account, handle = self._identity(name, host), f"{self.platform}:@{name}"
        if self.absence and (self.absence.handle(handle) or (account and self.absence.account(account))):
            return NOBODY
        token = "@" + (self.pseudonyms.account(account) if account else self.pseudonyms.handle(handle))
        self.issued.add(token)
        return token

    def knows(self, name: str) -> bool:
        """Whether the post's mention entities know `name`."""
        return name.casefold() in self.known

    def link(self, url: str) -> str:
        """The token for a link: ``https://`` and its pseudonym (``https://l…``); the same link, the same token."""
        if self.absence and self.absence.link(url):
            self.issued.add(NO_LINK)
            return NO_LINK
        token = "https://" + self.pseudonyms.link(url)
        self.issued.add(token)
        return token

    def _identity(self, name: str, host: str | None) -> str | None:
        full = name if "@" in name or not host else f"{name}@{host}"
        for key in (full, name):
            if identity := self.known.get(key.casefold()):
                return identity
        if is_hosted(self.platform) and "@" in full:
            return f"acct:{full.lower()}"
        return None


def people(
    platform: str, mentions: Iterable[MentionRecord], pseudonyms: Pseudonyms, absence: Absence | None = None
) -> NamesInText:
    """The people whom a post mentions, by every spelling under which its text may name them."""
    known: dict[str, str] = {}
    for mention in mentions:
        for spelling in (mention.handle, mention.account if mention.account.startswith("acct:") else ""):
            name = _PREFIX.sub("", spelling, count=1).casefold()
            if name:
                known.setdefault(name, mention.account)
                known.setdefault(name.partition("@")[0], mention.account)
    return NamesInText(platform, pseudonyms, known, absence)
