"""Who acts as a person, who runs the campaign, who is automated: three groups, never silently mixed."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc


def assign_roles(accounts: pa.Table, organisers: Iterable[str], bots: Iterable[str]) -> dict[str, str]:
    """``organiser`` or ``bot`` for the accounts that are one; whoever is not in the answer is a person.

    Organisers are those that the campaign file names: a profile that merely claims to run the campaign
    (`organiser_profile`) is shown for a decision, not decided here. Bots are those named, and those that say so
    themselves (`declared_bot`). Who is both is an organiser.
    """
    declared = accounts.filter(pc.equal(accounts["declared_bot"], True))["account_id"].to_pylist()
    roles = dict.fromkeys([*bots, *declared], "bot") | dict.fromkeys(organisers, "organiser")
    return dict(sorted(roles.items()))
