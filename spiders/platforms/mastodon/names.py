"""Who and what a server's own ids stand for, under identities that hold everywhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from passerelle.bridges import is_original, original_person, platform_of
from passerelle.identity import ascii_domain, canonical
from passerelle.values import UnkeptError, is_identity
from spiders.collecting.names import LocalNames
from spiders.collecting.people import Naming, Shape
from spiders.collecting.values import Json, id_text, native_id
from spiders.platforms.mastodon.quotes import quoted_status

PLATFORM = "mastodon"


@dataclass(slots=True)
class FediverseNames(LocalNames):
    """The family's names: an account is ``acct:user@host``; `domain` completes a bare ``acct``.

    Whom a bridge copied from another network goes by the original's name, unless the bridge itself is not to be kept
    (`knows_copies`): then it is told by the copy's.
    """

    platform: ClassVar[str] = PLATFORM
    knows_copies: bool = True
    _owners: dict[str, str] = field(default_factory=dict)

    def learn(self, status: Json) -> None:
        """Remember the post, what it quotes, and the accounts of both. Raises one of MALFORMED for what is no post."""
        inner = unwrapped(status)
        uri = self.uri(inner)
        native = id_text(inner["id"])
        assert native is not None  # `uri` has seen to it
        self.posts[native] = uri
        parent = id_text(inner.get("in_reply_to_id"))
        if parent and uri in self.parents:
            self.posts.setdefault(parent, self.parents[uri])
        mentions = inner.get("mentions")
        for account in (status.get("account"), inner.get("account"), *(mentions if isinstance(mentions, list) else ())):
            self._learn_account(account)
        quoted = quoted_status(inner)
        if quoted is not None and native_id(quoted):
            self.posts[str(native_id(quoted))] = self.uri(quoted)
            self._learn_account(quoted.get("account"))

    def uri(self, status: Json) -> str:
        """What names this post everywhere: its URI, else its address, else host and id. Never that of another post.

        Raises UnkeptError for a post without an id.
        """
        native = native_id(status)
        if native is None:
            raise UnkeptError("post without id")
        for candidate in (status.get("uri"), status.get("url")):
            if is_identity(candidate) and ":" in str(candidate):
                found = canonical(str(candidate))
                if self._owners.setdefault(found, native) == native:
                    return found
        return self.stand_in(native)

    def identity(self, account: Json) -> str:
        """The account's ``acct``, lower case and completed: the one key that authors, mentions, reposters share.

        That of a copy is the original's. Raises UnkeptError for an account without a name.
        """
        return self._original(account) or "acct:" + self.address(account)

    def handle(self, account: Json) -> str:
        """What people call the account: ``@user@host``, of a copy the original's handle."""
        address, original = self.address(account), self._original(account)
        return f"{platform_of(original, '')}:@{address.rpartition('@')[0]}" if original else f"@{address}"

    def _original(self, account: Json) -> str | None:
        """Whom the account is a copy of; a mention may say it by the server's own id only."""
        if not self.knows_copies or not isinstance(account, dict):
            return None
        known = self.accounts.get(native_id(account) or "", "")
        told = original_person(account.get("uri")) or original_person(account.get("url"))
        return told or (known if is_original(known) else None)

    def address(self, account: object) -> str:
        """``user@host`` of the account. Raises UnkeptError where it has no name."""
        acct = account.get("acct") if isinstance(account, dict) else None
        name = acct.strip().lstrip("@") if isinstance(acct, str) else ""
        user, _, domain = name.rpartition("@") if "@" in name else (name, "", self.domain)
        address = canonical(f"acct:{user}@{domain}").removeprefix("acct:")
        if not user or "@" in user or not ascii_domain(domain) or not is_identity(address):
            raise UnkeptError("account without name")
        return address

    def _learn_account(self, account: object) -> None:
        local = native_id(account) if isinstance(account, dict) else None
        if local is None:
            return
        try:
            self.accounts[local] = self.identity(account)  # type: ignore[arg-type]
        except UnkeptError:
            return  # whoever keeps the record says so


def unwrapped(status: Json) -> Json:
    """The post itself where `status` is someone's boost of it (snac2 gives both the same id)."""
    inner = status.get("reblog")
    return inner if isinstance(inner, dict) else status


def _person(account: Json, domain: str) -> str:
    return FediverseNames(domain, domain).identity(account)


PEOPLE = Naming(
    shapes=(
        Shape(has=("acct", "id"), local="id", names=("username",), urls=("url", "uri"), shown=("display_name",)),
        Shape(has=("acct", "username"), names=("username",), urls=("url", "uri"), shown=("display_name",)),
    ),
    person=_person,
)
