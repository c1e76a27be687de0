"""Who a row of a mapped file names: by an id, by a name that is one person's in one place only, or by nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from passerelle.campaign import Mapping as Columns
from passerelle.records import MentionRecord
from spiders.archives import cells
from spiders.archives.columns import MappedRow, filled
from spiders.archives.fields import FieldError
from spiders.archives.identities import account_identity, handle, host_of
from spiders.archives.listed import Item
from spiders.collecting.guests import guest, is_nobody

_NAMES = ("acct", "username", "screen_name", "handle", "name")
_IDS = ("id_str", "id", "did")
_NOBODY = frozenset((
    "facebook user", "utilisateur facebook", "instagram user", "instagrammer", "utilisateur instagram",
    "linkedin member", "linkedin user", "membre de linkedin", "utilisateur linkedin", "utilisateur de linkedin",
    "deleted user", "utilisateur supprimé", "a google user", "un utilisateur de google",
))  # fmt: skip
"""What platforms write in place of a name that they no longer show."""


@dataclass(frozen=True, slots=True)
class RowPeople:
    """People of the rows of one file. `account` is whose file it is, as the import was told; null where it was not."""

    columns: Columns
    account: str | None = None

    def author(self, name: str | None, row: MappedRow, post: str, within: str | None) -> str:
        """Who wrote `post`. Raises FieldError where the row does not say, and the mapping not what that means."""
        c = self.columns
        if not c.author and self.account:
            return account_identity(c.platform, self.account)
        is_unsigned = not name or is_nobody(name) or name.strip().casefold() in _NOBODY
        if is_unsigned and (c.unsigned or c.author_within):
            return f"{c.platform}:unsigned/{short_name(post)}"
        if not name:
            raise FieldError(c.author, cells.EMPTY)
        if name in cells.GONE:
            raise FieldError(c.author, cells.GONE_AUTHOR)
        return self.person(name, row, c.author, within=within)

    def person(
        self,
        name: str,
        row: MappedRow | None = None,
        column: str = "",
        host: str | None = None,
        within: str | None = None,
    ) -> str:
        """An account's identity; in the Mastodon family its server may stand in the profile's address beside it."""
        c = self.columns
        if c.author_within:
            if not within:
                raise FieldError(c.author_within, cells.EMPTY)
            return f"{c.platform}:{guest(within, '')}/guest/{guest(name, '')}"
        if row is not None and c.platform == "mastodon" and not host:
            beside, dot, last = column.rpartition(".")
            host = host_of(filled(row, f"{beside}.url")) if dot and last in ("acct", "username") else None
        try:
            return account_identity(c.platform, name, host)
        except FieldError as error:
            raise FieldError(column, str(error).partition("' ")[2]) from None

    def mention(self, item: Item, row: MappedRow, within: str | None) -> MentionRecord:
        """Somebody named: by name, and by id where the list says both."""
        platform, column = self.columns.platform, self.columns.mentions or ""
        name, native = named(item, _NAMES), named(item, _IDS) if isinstance(item, Mapping) else None
        if not name and not native:
            raise FieldError(column)
        if platform == "mastodon":
            url = item.get("url") if isinstance(item, Mapping) else None
            account = self.person(name or "", row, column, host_of(url))
            return MentionRecord(account=account, handle=handle(platform, account.removeprefix("acct:")))
        account = account_identity(platform, native) if native else self.person(name or "", within=within)
        return MentionRecord(account=account, handle=handle(platform, name or ""))


def named(item: Item, keys: tuple[str, ...]) -> str | None:
    """What a list's entry is called: itself, or the first of `keys` that an object has."""
    if isinstance(item, str):
        return item
    return next((text for key in keys if (value := item.get(key)) is not None and (text := str(value).strip())), None)


def short_name(*parts: str) -> str:
    """A name made of what is known: the same for the same."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:24]
