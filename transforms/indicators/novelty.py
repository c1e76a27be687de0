"""Does the campaign bring people together who had never met, or repeat the same news among the same people?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from transforms.indicators.cohort import Cohort
from transforms.indicators.measure import IndicatorRow, count
from transforms.indicators.sampled import Sample, Share, measured

RELAYS = ("repost", "quote")


def novelty(cohort: Cohort) -> Iterator[IndicatorRow]:
    """New pairs and new people among those of the calendar week, by campaign posts of persons (rule 25)."""
    over = cohort.bounds[1]
    (new, old), actors = new_and_old(cohort), _actors(cohort)
    yield count("active_dyads", new + old, settled=over)
    yield count("new_dyads", new, settled=over)
    yield from measured(dyad_sample(cohort))
    yield count("actors", len(actors), settled=over)
    yield count("first_time_actors", int(actors["is_first"].sum()), settled=over)
    yield from measured(actor_sample(cohort))


def dyad_sample(cohort: Cohort) -> Sample:
    """New among the active dyads, by the person who acted first."""
    pairs = _begun(cohort.cut(cohort.frames.dyads))
    part, dyad = pairs["part"].to_numpy(np.float64), pairs["dyad"].to_numpy(np.int64)
    share = Share("new_dyad_share", "all", pairs["is_new"].to_numpy(np.float64) * part, part)
    return Sample([share], (pairs["source"].to_numpy(np.int64),), dyad, settled=cohort.bounds[1])


def actor_sample(cohort: Cohort) -> Sample:
    """First-time among the actors."""
    rows = _actors(cohort)
    share = Share("first_time_share", "all", rows["is_first"].to_numpy(np.float64), np.ones(len(rows)))
    return Sample([share], (cohort.frames.persons(rows["account_id"]),), settled=cohort.bounds[1])


def _actors(cohort: Cohort) -> pd.DataFrame:
    return cohort.cut(cohort.frames.actors).drop_duplicates("account_id")


def new_and_old(cohort: Cohort) -> tuple[int, int]:
    """Active dyads of the calendar week that met in it, and those that had met before."""
    is_new = cohort.cut(cohort.frames.dyads).drop_duplicates("dyad")["is_new"].astype(bool)
    return int(is_new.sum()), int((~is_new).sum())


def _begun(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a dyad, of who acted first in it; where both did at the same moment, a row each, as half a `part`."""
    first = rows[rows["time"] == rows.groupby("dyad")["time"].transform("min")].drop_duplicates(["dyad", "source"])
    return first.assign(part=1 / first.groupby("dyad")["dyad"].transform("size"))


def relays(cohort: Cohort) -> Iterator[IndicatorRow]:
    """Reposts and quotes by mobilisers in the follow-up, and the share that repeats the same person's (rule 26)."""
    yield count("relays", len(_relays(cohort)))
    yield from measured(relay_sample(cohort))


def relay_sample(cohort: Cohort) -> Sample:
    """Relays beyond the first of a person for an episode, among all."""
    pairs = _relays(cohort).groupby(["episode", "account_id"], sort=False).size().reset_index(name="size")
    size = pairs["size"].to_numpy(np.float64)
    share = Share("redundant_relays", "all", size - 1, size, kind="ratio")
    return Sample([share], cohort.sides(pairs))


def relays_once(cohort: Cohort) -> tuple[int, int]:
    """Relays that are the first of a person for an episode, and those that repeat one."""
    acts = _relays(cohort)
    once = len(acts.drop_duplicates(["episode", "account_id"]))
    return once, len(acts) - once


def _relays(cohort: Cohort) -> pd.DataFrame:
    acts = cohort.followed(cohort.frames.acts)
    return acts[(acts["role"] == "person") & acts["act"].isin(RELAYS)]
