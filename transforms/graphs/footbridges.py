"""The picture of who helps whom across groups: communities as nodes, help acts as edges, by tie class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

SMALLEST_COMMUNITY = 5
"""Communities of fewer people are not shown: they could be recognised."""


@dataclass(frozen=True, slots=True)
class BridgeNetwork:
    """`communities`: community, num_people; `help`: source, target, tie_class, num_mobilisations (both sorted).

    A row of `help` is help given by people of `source` to beneficiaries of `target`, also when both are the same
    community. `num_outside`: mobilisations left out since one end is in no community, or in too small a one.
    """

    communities: pa.Table
    help: pa.Table
    num_outside: int


def bridge_network(
    mobilisations: pa.Table,
    episodes: pa.Table,
    community: Mapping[str, int],
    smallest: int = SMALLEST_COMMUNITY,
) -> BridgeNetwork:
    """Help acts between communities of at least `smallest` people.

    `mobilisations`, `episodes`: tables of those names; only people count, organisers and bots do not. `community`:
    account -> name of its community (a positive number). One (mobiliser, episode) is one help act.
    """
    sizes = pd.Series(community, dtype="int64").value_counts().sort_index()
    shown = sizes[sizes >= smallest]
    acts = mobilisations.select(["account_id", "episode_id", "role", "tie_class"]).to_pandas()
    acts = acts[acts["role"] == "person"]
    calls = episodes.select(["episode_id", "beneficiary_id"]).to_pandas()
    acts = acts.merge(calls, on="episode_id", how="left", validate="many_to_one")
    if acts["beneficiary_id"].isna().any():
        raise KeyError("a mobilisation names an episode that is not among the episodes")
    acts["source"] = acts["account_id"].map(community)
    acts["target"] = acts["beneficiary_id"].map(community)
    inside = acts[acts["source"].isin(shown.index) & acts["target"].isin(shown.index)]
    return BridgeNetwork(
        pa.table({"community": shown.index.to_numpy("int64"), "num_people": shown.to_numpy("int64")}),
        _help(inside),
        len(acts) - len(inside),
    )


def _help(acts: pd.DataFrame) -> pa.Table:
    count = acts.groupby(["source", "target", "tie_class"], sort=True).size()
    rows = count.rename("num_mobilisations").reset_index()
    schema = pa.schema(
        [
            ("source", pa.int64()),
            ("target", pa.int64()),
            ("tie_class", pa.string()),
            ("num_mobilisations", pa.int64()),
        ]
    )
    return pa.Table.from_pandas(rows, schema=schema, preserve_index=False)
