"""The tables of a study as frames cut by week, so that a week costs what happened in it and not the lake's age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from passerelle.weeks import week_bounds, week_range
from transforms.graphs.jit import Longs
from transforms.help.study import Study
from transforms.indicators.communities import Groups, groups_before
from transforms.indicators.contacts import Contacts, index_contacts
from transforms.moments import DAY, clock, micros, weeks_of

Cut = Mapping[str, pd.DataFrame]


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """Rows of a study by week. Times are microseconds since 1970 (UTC), in columns that are called `time`, `t_call`.

    By the week of the call: `episodes`, `mobilisations`, `acts`, `cascades`, `alters`. By the calendar week of the
    event in the campaign's zone: `dyads` (campaign interactions among persons, with `is_new` and the pair `dyad`),
    `actors` (campaign posts by persons, with `is_first`), `orphans`, `late_repeats`, `outcomes` (posts by persons, with
    `outcome`),
    `turns` (persons' mobilisations by the week of their first act, with `first_week`). By account: `followers`,
    `instances`; `words`: language of people's own posts, by time. `people`: everybody who acts in any of these.
    """

    study: Study
    contacts: Contacts
    episodes: Cut
    mobilisations: Cut
    acts: Cut
    cascades: Cut
    alters: Cut
    dyads: Cut
    actors: Cut
    orphans: Cut
    late_repeats: Cut
    outcomes: Cut
    turns: Cut
    followers: pd.Series[float]
    instances: pd.Series[str]
    words: pd.DataFrame
    people: pd.Index[str]
    weeks: list[str]
    _communities: dict[str, Longs] = field(default_factory=dict)

    def bounds(self, week: str) -> tuple[int, int]:
        """First moment of the week and of the next one (microseconds)."""
        first, after = week_bounds(week, self.study.zone)
        return micros(first), micros(after)

    def persons(self, accounts: pd.Series[str]) -> Longs:
        """A number for each account, the same in all weeks."""
        return np.asarray(self.people.get_indexer(pd.Index(accounts)), dtype=np.int64)

    def history(self, week: str) -> tuple[int, int]:
        """First moment of the history before `week`, and of the week (microseconds)."""
        begin = self.bounds(week)[0]
        return begin - self.study.analysis.window_days * DAY, begin

    def groups(self, week: str) -> Groups:
        """Communities of the graph before `week`."""
        found = groups_before(self.contacts, *self.history(week))
        self._communities[week] = found.of
        return found

    def community(self, week: str) -> Longs:
        """The best partition alone of :meth:`groups`, which is looked for once a week and kept."""
        return self._communities[week] if week in self._communities else self.groups(week).of


def cut_study(study: Study) -> Frames:
    """Cut the tables of `study` by week, once for all weeks."""
    episodes, mobilisations = frame(study.episodes), frame(study.mobilisations)
    week_of = episodes.set_index("episode_id")["iso_week"]
    acts, cascades, alters = (
        _cut(rows.assign(iso_week=rows["episode_id"].map(week_of)))
        for rows in map(frame, (study.acts, study.cascades, study.alters))
    )
    dyads, actors = _dyads(study), _actors(study)
    orphans, late = (_in_zone(frame(table), study.zone) for table in (study.orphans, study.late_repeats))
    turns = _turns(mobilisations, study.zone)
    parts = (episodes, dyads, actors, orphans, late)
    seen = sorted({week for part in parts for week in part["iso_week"].unique()})
    return Frames(
        study=study,
        contacts=index_contacts(study.ties),
        episodes=_cut(episodes),
        mobilisations=_cut(mobilisations),
        acts=acts,
        cascades=cascades,
        alters=alters,
        dyads=_cut(dyads),
        actors=_cut(actors),
        orphans=_cut(orphans),
        late_repeats=_cut(late),
        outcomes=_cut(_outcomes(study)),
        turns=_cut(turns),
        followers=_of_accounts(study, "followers").astype(float),
        instances=_of_accounts(study, "instance").astype(str),
        words=_words(study),
        people=_people(mobilisations, actors, *map(frame, (study.acts, study.alters))),
        weeks=list(week_range(f"{seen[0]}/{seen[-1]}")) if seen else [],
    )


def rows_of(cut: Cut, week: str) -> pd.DataFrame:
    """The rows of `week`; none, with the same columns, when there are none."""
    return cut[week] if week in cut else cut[""]


def frame(table: pa.Table) -> pd.DataFrame:
    """A frame with times as microseconds."""
    columns = {
        name: table[name].cast(pa.int64()) if pa.types.is_timestamp(table.schema.field(name).type) else table[name]
        for name in table.column_names
    }
    rows: pd.DataFrame = pa.table(columns).to_pandas()
    return rows


def _cut(rows: pd.DataFrame) -> Cut:
    """Rows by their `iso_week`; under the empty name, no rows."""
    return {"": rows.iloc[:0]} | {str(week): part for week, part in rows.groupby("iso_week", sort=True)}


def _in_zone(rows: pd.DataFrame, zone: str) -> pd.DataFrame:
    return rows.assign(iso_week=weeks_of(rows["time"].to_numpy(np.int64), zone).to_pylist())


def _dyads(study: Study) -> pd.DataFrame:
    """Campaign interactions among persons: who (`source`), which pair (`dyad`), whether it met in that very week.

    The pair's first interaction ever, of any kind and by anybody, decides.
    """
    ties, rows = study.ties, study.interactions.filter(study.interactions["is_campaign"])
    source, target = ties.numbers(rows["source_id"]), ties.numbers(rows["target_id"])
    key = np.minimum(source, target) * len(ties.accounts) + np.maximum(source, target)
    dyad = np.searchsorted(ties.pair, key)
    time = clock(rows["time"])
    week, first = (weeks_of(moments, study.zone).to_numpy(False) for moments in (time, ties.when[ties.first[dyad]]))
    columns = {"platform": rows["platform"].to_pandas(), "time": time, "source": source, "dyad": dyad}
    found = pd.DataFrame(columns | {"iso_week": week, "is_new": week == first})
    return found[ties.is_person[source] & ties.is_person[target]]


def _actors(study: Study) -> pd.DataFrame:
    """Campaign posts by persons, and whether it is the week of the author's first one."""
    rows = frame(study.campaign_posts.select(["platform", "account_id", "time", "iso_week"]))
    rows = rows[~rows["account_id"].isin(list(study.roles))].sort_values("time", kind="stable")
    first = rows.drop_duplicates("account_id").set_index("account_id")["iso_week"]
    return rows.assign(is_first=rows["account_id"].map(first) == rows["iso_week"])


def _outcomes(study: Study) -> pd.DataFrame:
    rows = frame(study.outcomes)
    return _in_zone(rows[~rows["account_id"].isin(list(study.roles))], study.zone)


def _turns(mobilisations: pd.DataFrame, zone: str) -> pd.DataFrame:
    persons = mobilisations[mobilisations["role"] == "person"]
    rows = _in_zone(persons[["platform", "account_id", "time"]], zone).sort_values("time", kind="stable")
    first = rows.drop_duplicates("account_id").set_index("account_id")["iso_week"]
    return rows.assign(first_week=rows["account_id"].map(first))


def _of_accounts(study: Study, name: str) -> pd.Series[Any]:
    known = study.accounts.select(["account_id", name]).to_pandas()
    column: pd.Series[Any] = known.set_index("account_id")[name].dropna()
    return column


def _people(*parts: pd.DataFrame) -> pd.Index[str]:
    everybody: pd.Index[str] = pd.Index(pd.concat([part["account_id"] for part in parts]).unique())
    return everybody


def _words(study: Study) -> pd.DataFrame:
    posts = study.posts.select(["author_id", "language", "created_at", "repost_of_id"])
    own = posts.filter(pc.and_(pc.is_null(posts["repost_of_id"]), pc.is_valid(posts["language"])))
    named = own.drop_columns("repost_of_id").rename_columns(["account_id", "language", "time"])
    return frame(named).sort_values("time", kind="stable").reset_index(drop=True)
