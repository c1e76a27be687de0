"""Who helps whom across groups, as coarse as an edition tells: groups and links of k, and nothing of the others."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from transforms.graphs.footbridges import BridgeNetwork
from transforms.report.disclosure import Grain, rounded

NUM_GROUPS = 12
TIE_GROUP = {
    "strong": "strong",
    "moderately_weak": "weak",
    "weak": "weak",
    "dormant": "absent",
    "new": "absent",
}
WEEKS = "weeks"
PEOPLE = {"community": "int64", "num_people": "int64"}
COLUMNS = {"group_1": "int64", "group_2": "int64", "tie": "str", "num_mobilisations": "int64"}


@dataclass(frozen=True, slots=True, eq=False)
class HelpNetwork:
    """`people`: community, num_people, the largest first; `links`: `COLUMNS`, help between two groups, both ways.

    `weeks`: those whose help it is, such as ``2026-W40/2026-W47``; `has_more`: there are more groups than are shown.
    """

    people: pd.DataFrame
    links: pd.DataFrame
    weeks: str = ""
    has_more: bool = False

    def tables(self) -> dict[str, pa.Table]:
        """Both as they are published, by name."""
        people = self.people.assign(has_more=self.has_more)
        parts = {"groups": people, "bridges": self.links}
        return {name: self._table(rows) for name, rows in parts.items()}

    def _table(self, rows: pd.DataFrame) -> pa.Table:
        """With the weeks in a column, and beside it, where nothing is told of them."""
        table = pa.Table.from_pandas(rows.assign(weeks=self.weeks), preserve_index=False)
        return table.replace_schema_metadata({WEEKS: self.weeks})


def groups_of(people: pa.Table, links: pa.Table) -> HelpNetwork:
    """What an earlier issue published, to be told again."""
    known, drawn = people.to_pandas(), links.to_pandas()
    weeks = (people.schema.metadata or {}).get(WEEKS.encode(), b"").decode()
    has_more = bool(known["has_more"].any())
    return HelpNetwork(known.drop(columns=["weeks", "has_more"]), drawn.drop(columns="weeks"), weeks, has_more)


def no_groups(weeks: str) -> HelpNetwork:
    """Nothing to show of those weeks."""
    people, links = (pd.DataFrame(columns=list(columns)).astype(columns) for columns in (PEOPLE, COLUMNS))
    return HelpNetwork(people, links, weeks)


def told_groups(network: BridgeNetwork | None, weeks: str, grain: Grain) -> HelpNetwork:
    """Groups and links whose true count is at least `grain.fewest_above`, labelled with the rounded one."""
    if network is None or network.communities.num_rows == 0:
        return no_groups(weeks)
    people = _told(network.communities.to_pandas(), "num_people", grain)
    people = people.sort_values(["num_people", "community"], ascending=[False, True]).reset_index(drop=True)
    shown = people.head(NUM_GROUPS)
    return HelpNetwork(shown, _links(network, shown, grain), weeks, len(people) > NUM_GROUPS)


def _links(network: BridgeNetwork, people: pd.DataFrame, grain: Grain) -> pd.DataFrame:
    acts = network.help.to_pandas()
    acts = acts[acts["source"].isin(people["community"]) & acts["target"].isin(people["community"])]
    acts = acts.assign(
        group_1=acts[["source", "target"]].min(axis=1),
        group_2=acts[["source", "target"]].max(axis=1),
        tie=acts["tie_class"].map(TIE_GROUP),
    )
    cells = acts.groupby(["group_1", "group_2", "tie"], sort=True)["num_mobilisations"].sum().reset_index()
    return _told(cells, "num_mobilisations", grain)


def _told(rows: pd.DataFrame, name: str, grain: Grain) -> pd.DataFrame:
    enough: pd.DataFrame = rows[rows[name] >= grain.fewest_above].reset_index(drop=True)
    return enough.assign(**{name: [rounded(int(number), grain.base) for number in enough[name]]})
