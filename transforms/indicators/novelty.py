"""Does the campaign bring people together who had never met, or repeat the same news among the same people?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from transforms.indicators.cohort import Cohort
from transforms.indicators.measure import Measure, count
from transforms.indicators.resampling import Clusters
from transforms.indicators.sampled import Share, measured

RELAYS = ("repost", "quote")


def novelty(cohort: Cohort) -> Iterator[Measure]:
    """New pairs and new people among those of the calendar week, by campaign posts of persons (rule 25)."""
    pairs = cohort.cut(cohort.frames.dyads).sort_values(["time", "dyad", "source"]).drop_duplicates("dyad")
    yield count("active_dyads", len(pairs))
    yield count("new_dyads", int(pairs["is_new"].sum()))
    yield _share(cohort, "new_dyad_share", pairs["is_new"], pairs["source"])
    actors = cohort.cut(cohort.frames.actors).drop_duplicates("account_id")
    yield count("actors", len(actors))
    yield count("first_time_actors", int(actors["is_first"].sum()))
    yield _share(cohort, "first_time_share", actors["is_first"], actors["account_id"])


def relays(cohort: Cohort) -> Iterator[Measure]:
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


def _share(cohort: Cohort, name: str, above: pd.Series[bool], actor: pd.Series[Any]) -> Measure:
    """A share with a bootstrap of actors, who are numbered in the order of the rows: by time."""
    number, _ = pd.factorize(actor)
    cut = Clusters(number, int(number.max(initial=-1)) + 1)
    share = Share(name, "all", np.asarray(above, dtype=np.float64), np.ones(len(above)))
    return measured([share], [cut], cohort.analysis.bootstrap_draws, cohort.seed(name))[0]
