"""Picture 4: do calls cross from one group of people to another? HelpNetwork of at least k people, never a person."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from transforms.report.data import ReleaseData
from transforms.report.disclosure import Grain
from transforms.report.figures import Figure, Key, Sheet
from transforms.report.groups import NUM_GROUPS, HelpNetwork
from transforms.report.language import Language
from transforms.report.network import STYLES, Group, Link, draw_network

NUM_LINES = 20
SQL = "SELECT group_1, group_2, tie, num_mobilisations FROM bridges"


def figure(data: ReleaseData, words: Language) -> Figure:
    """The network of communities, as much of it as the edition tells."""
    help_, tables = data.groups.links, data.groups.tables()
    reading = _reading(help_, data.told.grain, words)
    sheet = _sheet(help_, words)
    return Figure(
        name="bridges",
        question=words.say("bridges.question"),
        reading=reading,
        svg=_picture(data.groups, data.told.grain.fewest_above, reading, words),
        legend=[
            Key(ink, {"strong": "line", "weak": "dashed", "absent": "dotted"}[tie], words.say(f"bridges.{tie}"))
            for tie, (ink, _) in STYLES.items()
        ],
        sheet=sheet,
        notes=_notes(data, help_, words),
        sql=SQL,
        data=tables["bridges"],
        beside={"groups": tables["groups"]},
    )


def group_label(community: int) -> str:
    """``A`` for 1, ``Z`` for 26, ``AA`` for 27: a name that lasts as long as the community's number."""
    letters = ""
    while community > 0:
        community, letter = divmod(community - 1, 26)
        letters = chr(65 + letter) + letters
    return letters or "0"


def _picture(shown: HelpNetwork, k: int, reading: str, words: Language) -> Markup | None:
    people, help_ = shown.people, shown.links
    if people.empty:
        return None
    place = {community: number for number, community in enumerate(people["community"])}
    groups = [
        Group(group_label(int(c)), int(n)) for c, n in zip(people["community"], people["num_people"], strict=True)
    ]
    between = _between(help_)
    cells = zip(*(between[name] for name in ("group_1", "group_2", "tie", "num_mobilisations")), strict=True)
    links = [Link(place[one], place[other], str(tie), int(count)) for one, other, tie, count in cells]
    alt = words.say("bridges.alt", groups=len(groups), k=k, links=min(len(links), NUM_LINES), reading=reading)
    return draw_network(groups, links, NUM_LINES, alt)


def _between(help_: pd.DataFrame) -> pd.DataFrame:
    """Help from one group to another, the most first."""
    between = help_[help_["group_1"] != help_["group_2"]]
    return between.sort_values("num_mobilisations", ascending=False, kind="stable")


def _reading(help_: pd.DataFrame, grain: Grain, words: Language) -> str:
    total = int(help_["num_mobilisations"].sum())
    if total < grain.fewest:
        return words.say("bridges.reading_none", k=grain.fewest)
    between = int(_between(help_)["num_mobilisations"].sum())
    shares = {"between": words.percent(between / total), "inside": words.percent(1 - between / total)}
    return words.say("bridges.reading", **shares)


def _notes(data: ReleaseData, help_: pd.DataFrame, words: Language) -> list[str]:
    if data.groups.people.empty:
        return []
    first, _, last = data.groups.weeks.partition("/")
    circle = "circle" if data.is_public else "circle_exact"
    notes = [words.say(f"bridges.{circle}", k=data.told.grain.fewest_above)]
    notes += [words.say("bridges.span", first=words.week_number(first), last=words.week_number(last or first))]
    if data.groups.has_more:
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
