"""Does the campaign bring people together who had never met, or repeat the same news among the same people?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from transforms.indicators.cohort import Cohort
from transforms.indicators.measure import IndicatorRow, count
from transforms.indicators.resampling import Clusters
from transforms.indicators.sampled import Share, measured

RELAYS = ("repost", "quote")


def novelty(cohort: Cohort) -> Iterator[IndicatorRow]:
    """New pairs and new people among those of the calendar week, by campaign posts of persons (rule 25)."""
    over = cohort.bounds[1]
    pairs = _begun(cohort.cut(cohort.frames.dyads))
    yield count("active_dyads", round(pairs["part"].sum()), settled=over)
    yield count("new_dyads", round(pairs["part"][pairs["is_new"]].sum()), settled=over)
    yield _share(cohort, "new_dyad_share", pairs["is_new"] * pairs["part"], pairs["part"], pairs["source"])
    actors = cohort.cut(cohort.frames.actors).drop_duplicates("account_id")
    yield count("actors", len(actors), settled=over)
    yield count("first_time_actors", int(actors["is_first"].sum()), settled=over)
    one = pd.Series(1.0, index=actors.index)
    yield _share(cohort, "first_time_share", actors["is_first"] * one, one, actors["account_id"])


def _begun(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a dyad, of who acted first in it; where both did at the same moment, a row each, as half a `part`."""
    first = rows[rows["time"] == rows.groupby("dyad")["time"].transform("min")].drop_duplicates(["dyad", "source"])
    return first.assign(part=1 / first.groupby("dyad")["dyad"].transform("size"))


def relays(cohort: Cohort) -> Iterator[IndicatorRow]:
    """Reposts and quotes by mobilisers in the follow-up, and the share that repeats the same person's (rule 26)."""
    acts = cohort.followed(cohort.frames.acts)
    acts = acts[(acts["role"] == "person") & acts["act"].isin(RELAYS)]
    pairs = acts.groupby(["episode", "account_id"], sort=False)["time"].agg(["size", "min"]).reset_index()
    pairs = pairs.sort_values(["episode", "min", "account_id"])
    number = pd.factorize(pairs["account_id"])[0]
    size = pairs["size"].to_numpy(np.float64)
    yield count("relays", len(acts))
    share = Share("redundant_relays", "all", size - 1, size)
    cuts = cohort.cuts(pairs["episode"], number)
    yield from measured([share], cuts, cohort.analysis.bootstrap_draws, cohort.seed("relays"))


def _share(
    cohort: Cohort, name: str, above: pd.Series[float], below: pd.Series[float], who: pd.Series[Any]
) -> IndicatorRow:
    """A share of the calendar week, with a bootstrap of actors."""
    number, _ = pd.factorize(who)
    cut = Clusters(number, int(number.max(initial=-1)) + 1)
    share = Share(name, "all", np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64))
    draws, seed = cohort.analysis.bootstrap_draws, cohort.seed(name)
    return measured([share], [cut], draws, seed, settled=cohort.bounds[1])[0]
