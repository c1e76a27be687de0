"""Names in the campaign file and in labels files, turned into the pseudonyms that stand in the lake."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from passerelle.campaign import Campaign
from passerelle.errors import UsageError
from passerelle.identity import Pseudonyms
from passerelle.platforms import PLATFORMS
from spiders.archives.shipped import shipped_mappings


@dataclass(frozen=True)
class AccountFinder:
    """Finds accounts by the names that people write: an identity, a handle, an id of an import, or a pseudonym.

    `handles`: the table of that name; `posts`: whoever wrote, was mentioned or answered in them is present. `same`: of
    people with several accounts, the one that stands for each other one.
    """

    handles: pa.Table
    posts: pa.Table
    campaign: Campaign
    pseudonyms: Pseudonyms
    same: Mapping[str, str] = field(default_factory=dict)

    def all_of(self, names: Iterable[str]) -> frozenset[str]:
        """Every account that one of `names` may mean, on whatever platform."""
        platforms = [*self._platforms, *sorted({p for p in self.posts["platform"].unique().to_pylist() if p})]
        found = (account for name in names for p in platforms for account in self._forms(name.strip(), p))
        return frozenset(self.same.get(account, account) for account in found)

    def one_of(self, name: str, platform: str) -> str:
        """The account meant by `name` where a post of `platform` says so; its pseudonym there if nobody bears it."""
        here = self._forms(name.strip(), platform)
        elsewhere = [account for p in self._platforms if p != platform for account in self._forms(name.strip(), p)]
        found = next((account for account in [*here, *elsewhere] if account in self._present), here[0])
        return self.same.get(found, found)

    def same_people(self, accounts: Iterable[str]) -> dict[str, str]:
        """By the campaign file's `same_person`: each other account of a person, with the first of `accounts` named.

        Those that are not there yet are left. Raises UsageError for a name that several accounts bear, and for an
        account of two people.
        """
        if not self.campaign.same_person:
            return {}
        there, same = self._present | set(accounts), dict[str, str]()
        for names in self.campaign.same_person:
            found = [account for name in names for account in self._only(name, there)]
            for account in dict.fromkeys(found):
                if account in same:
                    raise _of_two(names)
                same[account] = found[0]
        return {account: first for account, first in same.items() if account != first}

    def _only(self, name: str, there: set[str]) -> list[str]:
        found = sorted(self.all_of([name]) & there)
        if len(found) > 1:
            raise UsageError(
                en=f"same_person: '{name}' names {len(found)} accounts; write it with its platform or server",
                fr=f"same_person : « {name} » désigne {len(found)} comptes ; précisez la plateforme ou le serveur",
            )
        return found

    def _forms(self, name: str, platform: str) -> list[str]:
        """Pseudonyms that `name` may have on `platform`, likeliest first."""
        bare = name.removeprefix("@").removeprefix("acct:")
        hide = self.pseudonyms
        clear = [f"{platform}:{name}", f"{platform}:{bare}", f"acct:{bare.lower()}", name]
        if name.startswith(("acct:", f"{platform}:")):
            clear = [name]
        borne = [account for form in (name, f"{platform}:@{bare}") for account in self._bearers[hide.handle(form)]]
        return [*borne, *(hide.account(identity) for identity in clear), *([name] if _is_pseudonym(name) else [])]

    @cached_property
    def _bearers(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for row in self.handles.sort_by("account_id").to_pylist():
            found[row["handle_id"]].append(row["account_id"])
        return found

    @cached_property
    def _present(self) -> set[str]:
        columns = ("author_id", "reply_to_author_id", "repost_of_author_id", "quote_of_author_id")
        said = {account for name in columns for account in self.posts[name].unique().to_pylist()}
        return said | set(pc.list_flatten(self.posts["mentions"]).to_pylist())

    @property
    def _platforms(self) -> list[str]:
        return platforms_of(self.campaign)


def post_ids(name: str, campaign: Campaign, pseudonyms: Pseudonyms) -> list[str]:
    """Every pseudonym under which a post that a labels file calls `name` may stand in the lake."""
    plain = name.strip()
    return [plain, pseudonyms.post(plain), *(pseudonyms.post(f"{p}:{plain}") for p in platforms_of(campaign))]


def platforms_of(campaign: Campaign) -> list[str]:
    """Platforms that the campaign's own names may be of."""
    named = [mapping.platform for mapping in (*campaign.mappings.values(), *shipped_mappings().values())]
    return list(dict.fromkeys([*named, *PLATFORMS, "import"]))


def _of_two(names: Iterable[str]) -> UsageError:
    listed = ", ".join(names)
    return UsageError(
        en=f"same_person: an account of [{listed}] stands in another list too; write all accounts of a person in one",
        fr=f"same_person : un compte de [{listed}] figure aussi dans une autre liste ; une seule liste par personne",
    )


def _is_pseudonym(name: str) -> bool:
    return len(name) == 25 and name[0] == "a" and set(name[1:]) <= set("0123456789abcdef")
