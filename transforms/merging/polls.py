"""Which server a poll asked, in lakes from before polls said so."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from passerelle.tables import POLLS, UNKNOWN


def with_sources(polls: pa.Table, crawls: pa.Table, moments: pa.Table) -> pa.Table:
    """`polls` with the source of those whose source is unknown, where `crawls` (run_id, source, started_at) tell it.

    A poll is of the crawl begun last before it, since one crawl ends before the next begins. Where crawls of several
    sources lie within each other (one was cut and taken up again), which the `moments` (run_id, at) of their looks
    show, the source stays unknown.
    """
    if crawls.num_rows == 0:
        return polls
    runs = crawls.to_pandas().sort_values("started_at", ignore_index=True)
    rows = polls.to_pandas().reset_index(names="row").sort_values("polled_at")
    runs.loc[_is_mixed(runs, moments), "source"] = UNKNOWN
    told = pd.merge_asof(
        rows[["row", "polled_at"]], runs[["started_at", "source"]], left_on="polled_at", right_on="started_at"
    )
    source = told.set_index("row")["source"].sort_index().fillna(UNKNOWN)
    rows = rows.set_index("row").sort_index()
    rows["source"] = rows["source"].where(rows["source"] != UNKNOWN, source)
    return POLLS.conform(pa.Table.from_pandas(rows, preserve_index=False))


def _is_mixed(runs: pd.DataFrame, moments: pa.Table) -> NDArray[np.bool_]:
    """Which of `runs`, in order of their begin, lie within one of another source."""
    last = moments.to_pandas().groupby("run_id")["at"].max()
    begin = runs["started_at"]
    end = last.reindex(runs["run_id"]).set_axis(runs.index).fillna(begin).where(lambda at: at > begin, begin)
    mixed = np.zeros(len(runs), np.bool_)
    for place in range(len(runs)):
        inside = (begin == begin[place]) | ((begin > begin[place]) & (begin < end[place]))
        others = (inside & (runs["source"] != runs["source"][place])).to_numpy()
        mixed |= others
        mixed[place] |= others.any()
    return mixed
