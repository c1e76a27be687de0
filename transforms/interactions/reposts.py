"""Reposts: timeline rows (exact times) and engagements (bounded by two polls) become events by person and post."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from passerelle.tables import TIME
from transforms.columns import texts
from transforms.graphs.jit import Longs
from transforms.interactions.threads import NONE, Threads
from transforms.moments import clock

KEY = ["account_id", "original"]
_UNKNOWN = np.iinfo(np.int64).min


def collapse_reposts(threads: Threads, engagements: pa.Table, as_of: datetime | None = None) -> pd.DataFrame:
    """Every repost known, by account and original post (rule 3): the earliest first, later ones are repeats.

    Columns: account_id, original (number in `threads.originals`), platform, author_id (of the original; null where
    nobody states it), is_campaign, time, not_before, is_repeat. A time bounded by polls counts only if no exact time is
    known at or before its upper bound. If it counts, the repost was there before every exact time, and these are
    repeats.
    """
    rows, polled = _rows(threads), _polled(threads, engagements, as_of)
    polled = polled.sort_values([*KEY, "time", "not_before", "platform"])
    timed = polled[polled["is_exact"]].drop_duplicates([*KEY, "time"])
    # a look that gives the time shows again what the timeline has, unless the timeline was never seen
    again = pd.MultiIndex.from_frame(timed[[*KEY, "time"]]).isin(pd.MultiIndex.from_frame(rows[[*KEY, "time"]]))
    exact = pd.concat([rows, timed[~again]])
    bounded = polled[~polled["is_exact"]].drop_duplicates(KEY, ignore_index=True)
    earliest = exact.sort_values("time").drop_duplicates(KEY)[[*KEY, "time"]]
    known = bounded[KEY].merge(earliest, on=KEY, how="left")["time"]
    events = pd.concat([bounded[known.isna() | (bounded["time"] < known)], exact])
    events = events.sort_values([*KEY, "time", "platform"], kind="stable", ignore_index=True)
    events["is_campaign"] = _campaign_originals(threads)[events["original"].to_numpy(np.int64)]
    return events.drop(columns="is_exact").assign(is_repeat=events.duplicated(KEY).to_numpy())


def _rows(threads: Threads) -> pd.DataFrame:
    mine = np.flatnonzero(threads.original != NONE)
    posts = threads.posts.take(pa.array(mine))
    original, time = threads.original[mine], threads.time[mine]
    frame = _frame(posts["author_id"], original, posts["platform"], _author_of(threads, original), time, time)
    return frame.assign(is_exact=True)


def _polled(threads: Threads, engagements: pa.Table, as_of: datetime | None) -> pd.DataFrame:
    """Reposts known from looks at a post; of a post never seen nobody can say whose it is."""
    polled = engagements.filter(pc.equal(engagements["kind"], "repost"))
    when = pc.coalesce(polled["at"], polled["first_seen"])
    number = pc.index_in(polled["post_id"], value_set=threads.posts["post_id"].combine_chunks())
    known = pc.is_valid(number)
    if as_of is not None:
        known = pc.and_(known, pc.less_equal(when, pa.scalar(as_of, TIME)))
    post = number.filter(known).to_numpy(zero_copy_only=False).astype(np.int64)
    original = np.where(threads.is_repost[post], threads.original[post], post)
    polled, time = polled.filter(known), clock(when.filter(known))
    exact = pc.is_valid(polled["at"]).combine_chunks().to_numpy(zero_copy_only=False)
    since = pc.fill_null(polled["not_before"].cast(pa.int64()), _UNKNOWN).to_numpy()
    begin = np.maximum(since, _created(threads, original))
    begin = np.where(exact | (begin == _UNKNOWN), time, np.minimum(time, begin))
    frame = _frame(polled["account_id"], original, polled["platform"], _author_of(threads, original), time, begin)
    outside_cycles: pd.DataFrame = frame.assign(is_exact=exact)[original != NONE]
    return outside_cycles


def _author_of(threads: Threads, original: Longs) -> pa.Array:
    """Author of the post where it was seen, else as a repost of it states; null where nobody does."""
    reposted, stated = (threads.posts[name].combine_chunks() for name in ("repost_of_id", "repost_of_author_id"))
    seen = len(threads.author)
    says = pc.if_else(pc.is_valid(stated), reposted, None)
    row = pc.index_in(threads.originals[seen:], value_set=says, skip_nulls=True)
    authors = pa.concat_arrays([threads.author, stated.take(row)])
    return authors.take(pa.array(original, mask=original == NONE))


def _campaign_originals(threads: Threads) -> NDArray[np.bool_]:
    """Which originals are campaign posts; of one never seen, the reposts have the hashtags (rule 1)."""
    mine = np.flatnonzero(threads.original >= len(threads.time))
    campaign = np.concatenate([threads.is_campaign, np.zeros(len(threads.originals) - len(threads.time), np.bool_)])
    np.logical_or.at(campaign, threads.original[mine], threads.is_campaign[mine])
    return campaign


def _created(threads: Threads, original: Longs) -> Longs:
    """When a post was written: nobody reposted it before."""
    seen = (original != NONE) & (original < len(threads.time))
    created = np.full(len(original), _UNKNOWN)
    created[seen] = threads.time[original[seen]]
    return created


def _frame(
    account: pa.ChunkedArray,
    original: Longs,
    platform: pa.ChunkedArray,
    author: pa.Array,
    time: Longs,
    not_before: Longs,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account_id": texts(account),
            "original": original,
            "platform": texts(platform),
            "author_id": texts(author),
            "time": time,
            "not_before": not_before,
        }
    )
