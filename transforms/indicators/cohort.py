"""One week's cohort of episodes, all platforms or one of them: what every indicator is computed from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from passerelle.allowed import TIE_CLASSES
from passerelle.campaign import Analysis
from passerelle.weeks import week_bounds
from transforms.graphs.jit import Floats, Longs
from transforms.indicators.frames import Cut, Frames, rows_of
from transforms.indicators.resampling import Clusters, seed_of
from transforms.moments import HOUR, micros

OBSERVED = TIE_CLASSES[:3]
ABSENT = ("dormant", "new")
FEWEST_EPISODES, FEWEST_MOBILISERS = 10, 20


@dataclass(eq=False)
class Cohort:
    """A week of one platform, or of all (`platform` None). Built lazily: an indicator touches what it needs.

    `episode` and `actor` number episodes and persons. Where nothing else decides, pseudonyms decide these numbers, so
    no result may depend on them: whatever draws by chance first puts its input in an order of content.
    """

    frames: Frames
    week: str
    platform: str | None = None

    @property
    def analysis(self) -> Analysis:
        return self.frames.study.analysis

    def seed(self, family: str) -> int:
        """The seed of an indicator's family in this week and stratum."""
        ordinal = week_bounds(self.week)[0].toordinal() // 7
        return seed_of(self.analysis.seed, ordinal, family, self.platform or "all")

    @cached_property
    def bounds(self) -> tuple[int, int]:
        return self.frames.bounds(self.week)

    @cached_property
    def window(self) -> int:
        """Length of the history before a call (microseconds)."""
        return self.analysis.window_days * 24 * HOUR

    @cached_property
    def follow_up(self) -> int:
        """Length of the follow-up of a call (microseconds)."""
        return self.analysis.follow_up_hours * HOUR

    @cached_property
    def as_of(self) -> int:
        return micros(self.frames.study.as_of)

    @cached_property
    def settled(self) -> int:
        """When the week is over and every one of its episodes has had its follow-up (microseconds)."""
        return max(self.bounds[1], int(self.episodes["t_call"].max()) + self.follow_up if len(self.episodes) else 0)

    @cached_property
    def is_small(self) -> bool:
        """Too few episodes or mobilisers (unknown included) for any edition to show more than counts."""
        return len(self.episodes) < FEWEST_EPISODES or len(self.mobilisers) < FEWEST_MOBILISERS

    @cached_property
    def episodes(self) -> pd.DataFrame:
        return self.cut(self.frames.episodes).sort_values(["t_call", "episode_id"]).reset_index(drop=True)

    @cached_property
    def mobilisations(self) -> pd.DataFrame:
        """Everybody's mobilisations, with `episode` and `hours` from the call to the first act."""
        rows = self.followed(self.frames.mobilisations)
        t_call = self.episodes["t_call"].to_numpy(np.int64)[rows["episode"].to_numpy(np.int64)]
        rows = rows.assign(hours=(rows["time"].to_numpy(np.int64) - t_call) / HOUR)
        return rows.sort_values(["episode", "time", "account_id"]).reset_index(drop=True)

    @cached_property
    def actors(self) -> list[str]:
        """Persons who mobilised."""
        rows = self.mobilisations[self.mobilisations["role"] == "person"]
        return [str(name) for name in rows["account_id"].unique()]

    @cached_property
    def mobilisers(self) -> pd.DataFrame:
        """Persons' mobilisations, with `actor`."""
        rows = self.mobilisations[self.mobilisations["role"] == "person"]
        number = pd.Series(np.arange(len(self.actors)), index=pd.Index(self.actors, dtype=object))
        return rows.assign(actor=rows["account_id"].map(number).astype(np.int64)).reset_index(drop=True)

    @cached_property
    def classified(self) -> pd.DataFrame:
        return self.mobilisers[self.mobilisers["tie_class"] != "unknown"]

    @cached_property
    def alters(self) -> pd.DataFrame:
        """Accounts tied to a beneficiary at the call, with `episode` and `alter`, both numbered."""
        rows = self.followed(self.frames.alters)
        person = self.frames.contacts.numbers(rows["account_id"])
        return rows.assign(person=person, alter=pd.factorize(person)[0]).reset_index(drop=True)

    def cut(self, cut: Cut) -> pd.DataFrame:
        """This week's rows of this platform."""
        return self.in_week(cut, self.week)

    def in_week(self, cut: Cut, week: str) -> pd.DataFrame:
        """Another week's rows of this platform."""
        rows = rows_of(cut, week)
        return rows if self.platform is None else rows[rows["platform"] == self.platform]

    def followed(self, cut: Cut) -> pd.DataFrame:
        """Rows that belong to this cohort's episodes, with the number of their `episode`."""
        number = pd.Series(np.arange(len(self.episodes)), index=self.episodes["episode_id"])
        rows = rows_of(cut, self.week)
        rows = rows[rows["episode_id"].isin(number.index)]
        return rows.assign(episode=rows["episode_id"].map(number).astype(np.int64))

    def sides(self, rows: pd.DataFrame) -> tuple[Longs, Longs]:
        """The two ways in which `rows` hang together: their `episode`, and a number of their person for all weeks."""
        return rows["episode"].to_numpy(np.int64), self.frames.persons(rows["account_id"])

    def cuts(self, episode: Longs | pd.Series[int], person: Longs | pd.Series[int]) -> list[Clusters]:
        """Clusters of rows by episode and by person, given the numbers of both: all episodes, the persons with rows."""
        people, of = np.unique(np.asarray(person, dtype=np.int64), return_inverse=True)
        return [Clusters(np.asarray(episode, dtype=np.int64), len(self.episodes)), Clusters(of, len(people))]


def is_in(rows: pd.DataFrame, classes: tuple[str, ...]) -> Floats:
    """1.0 where the tie is of one of the `classes`, else 0.0."""
    return np.asarray(rows["tie_class"].isin(classes), dtype=np.float64)
