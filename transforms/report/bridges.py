"""Picture 4: do calls cross from one group of people to another? Groups of at least k people, never a person."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
from markupsafe import Markup

from transforms.graphs.footbridges import BridgeNetwork
from transforms.report.data import ReleaseData
from transforms.report.disclosure import K, is_small
from transforms.report.figures import Figure, Key, Sheet
from transforms.report.language import Language
from transforms.report.network import STYLES, Group, Link, draw_network

NUM_GROUPS, NUM_LINES = 12, 20
TIE_GROUP = {
    "strong": "strong",
    "moderately_weak": "weak",
    "weak": "weak",
    "dormant": "absent",
    "new": "absent",
}
SQL = "SELECT account_id, episode_id, tie_class FROM mobilisations WHERE role = 'person'"


def figure(data: ReleaseData, words: Language) -> Figure:
    """The network of communities; lines of fewer than k mobilisations are left out."""
    people, help_ = _shown(data.bridges)
    reading = _reading(help_, words)
    sheet = _sheet(help_, words)
    return Figure(
        name="bridges",
        question=words.say("bridges.question"),
        reading=reading,
        svg=_picture(people, help_, reading, words),
        legend=[
            Key(ink, {"strong": "line", "weak": "dashed", "absent": "dotted"}[tie], words.say(f"bridges.{tie}"))
            for tie, (ink, _) in STYLES.items()
        ],
        sheet=sheet,
        notes=_notes(data, help_, words),
        sql=SQL,
        data=pa.Table.from_pandas(help_, preserve_index=False),
    )


def group_label(community: int) -> str:
    """``A`` for 1, ``Z`` for 26, ``AA`` for 27: a name that lasts as long as the community's number."""
    letters = ""
    while community > 0:
        community, letter = divmod(community - 1, 26)
        letters = chr(65 + letter) + letters
    return letters or "0"


def _shown(network: BridgeNetwork | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Groups by falling size, and help between them, both ways together, in cells of at least k."""
    columns = {"group_1": "int64", "group_2": "int64", "tie": "str", "num_mobilisations": "int64"}
    if network is None or network.communities.num_rows == 0:
        return pd.DataFrame(columns=["community", "num_people"]), pd.DataFrame(columns=list(columns)).astype(columns)
    people = network.communities.to_pandas().sort_values(["num_people", "community"], ascending=[False, True])
    people = people[people["num_people"] >= K].head(NUM_GROUPS).reset_index(drop=True)
    acts = network.help.to_pandas()
    acts = acts[acts["source"].isin(people["community"]) & acts["target"].isin(people["community"])]
    acts = acts.assign(
        group_1=acts[["source", "target"]].min(axis=1),
        group_2=acts[["source", "target"]].max(axis=1),
        tie=acts["tie_class"].map(TIE_GROUP),
    )
    cells = acts.groupby(["group_1", "group_2", "tie"], sort=True)["num_mobilisations"].sum().reset_index()
    return people, cells[cells["num_mobilisations"] >= K].reset_index(drop=True)


def _picture(people: pd.DataFrame, help_: pd.DataFrame, reading: str, words: Language) -> Markup | None:
    if people.empty:
        return None
    place = {community: number for number, community in enumerate(people["community"])}
    groups = [
        Group(group_label(int(c)), int(n)) for c, n in zip(people["community"], people["num_people"], strict=True)
    ]
    between = _between(help_)
    cells = zip(*(between[name] for name in ("group_1", "group_2", "tie", "num_mobilisations")), strict=True)
    links = [Link(place[one], place[other], str(tie), int(count)) for one, other, tie, count in cells]
    alt = words.say("bridges.alt", groups=len(groups), k=K, links=min(len(links), NUM_LINES), reading=reading)
    return draw_network(groups, links, NUM_LINES, alt)


def _between(help_: pd.DataFrame) -> pd.DataFrame:
    """Help from one group to another, the most first."""
    between = help_[help_["group_1"] != help_["group_2"]]
    return between.sort_values("num_mobilisations", ascending=False, kind="stable")


def _reading(help_: pd.DataFrame, words: Language) -> str:
    total = int(help_["num_mobilisations"].sum())
    if total == 0:
        return words.say("bridges.reading_none", k=K)
    between = int(_between(help_)["num_mobilisations"].sum())
    shares = {"between": words.percent(between / total), "inside": words.percent(1 - between / total)}
    return words.say("bridges.reading", **shares)


def _notes(data: ReleaseData, help_: pd.DataFrame, words: Language) -> list[str]:
    network = data.bridges
    if network is None:
        return []
    first, _, last = data.bridges_weeks.partition("/")
    few = words.say("words.few", k=K)
    count = few if is_small(network.num_outside) else words.number(network.num_outside)
    notes = [words.say("bridges.circle")]
    notes += [words.say("bridges.span", first=words.week_number(first), last=words.week_number(last or first))]
    if network.num_outside:
        notes.append(words.say("bridges.outside", count=count, k=K))
    if network.communities.num_rows > NUM_GROUPS:
        notes.append(words.say("bridges.rest", count=NUM_GROUPS))
    if len(_between(help_)) > NUM_LINES:
        notes.append(words.say("bridges.lines", count=NUM_LINES))
    return notes


def _sheet(help_: pd.DataFrame, words: Language) -> Sheet:
    columns = [words.say(f"bridges.{name}") for name in ("source", "target", "tie", "acts")]
    columns_of = (help_[name] for name in ("group_1", "group_2", "tie", "num_mobilisations"))
    rows = [
        [group_label(int(one)), group_label(int(other)), words.say(f"bridges.{tie}"), words.number(int(count))]
        for one, other, tie, count in zip(*columns_of, strict=True)
    ]
    return Sheet(words.say("bridges.caption"), columns, rows)
