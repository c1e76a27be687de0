"""Names in the campaign file and in labels files, turned into the pseudonyms that stand in the lake."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from passerelle.campaign import Campaign
from passerelle.identity import Pseudonyms


def account_ids(names: Iterable[str], accounts: pa.Table, campaign: Campaign, pseudonyms: Pseudonyms) -> frozenset[str]:
    """Every account that one of `names` may mean: an identity, a handle, an id of an import, or a pseudonym."""
    wanted = {form for name in names for form in _account_forms(name.strip(), campaign, pseudonyms)}
    by_handle = {
        account
        for account, handle in zip(accounts["account_id"].to_pylist(), accounts["handle_id"].to_pylist(), strict=True)
        if handle in wanted
    }
    return frozenset(form for form in wanted if form.startswith("a")) | by_handle


def post_ids(name: str, campaign: Campaign, pseudonyms: Pseudonyms) -> list[str]:
    """Every pseudonym under which a post that a labels file calls `name` may stand in the lake."""
    plain = name.strip()
    return [plain, pseudonyms.post(plain), *(pseudonyms.post(f"{p}:{plain}") for p in _platforms(campaign))]


def _account_forms(name: str, campaign: Campaign, pseudonyms: Pseudonyms) -> list[str]:
    bare = name.removeprefix("@").removeprefix("acct:")
    forms = [name, pseudonyms.account(name), pseudonyms.account(f"acct:{bare.lower()}")]
    for platform in _platforms(campaign):
        forms += [
            pseudonyms.account(f"{platform}:{name}"),
            pseudonyms.account(f"{platform}:{bare}"),
            pseudonyms.handle(f"{platform}:@{bare}"),
        ]
    return forms


def _platforms(campaign: Campaign) -> list[str]:
    named = [mapping.platform for mapping in campaign.mappings.values()]
    return list(dict.fromkeys(["mastodon", "twitter", "import", *named]))
