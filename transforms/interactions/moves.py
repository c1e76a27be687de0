"""Accounts whose owner says to have moved to another one: one person, under the last of them."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc


def with_moves(same: Mapping[str, str], accounts: pa.Table) -> dict[str, str]:
    """`same` (each other account of a person, with the one that stands for them) with the moves that `accounts` tell.

    What a campaign file says wins. Of a circle of moves nobody knows the end: it joins nobody.
    """
    told = accounts.filter(pc.is_valid(accounts["moved_to_id"]))
    steps = dict(zip(told["account_id"].to_pylist(), told["moved_to_id"].to_pylist(), strict=True))
    steps = {old: new for old, new in steps.items() if same.get(old, old) != same.get(new, new)} | dict(same)
    # where the one who stands for several has moved, all of them have
    ends = {old: _end(old, steps) for old in steps}
    return {old: end for old, end in ends.items() if end is not None and end != old}


def _end(account: str, steps: Mapping[str, str]) -> str | None:
    """The last account on the way; None where it leads round in a circle."""
    been = {account}
    while account in steps:
        account = steps[account]
        if account in been:
            return None
        been.add(account)
    return account
