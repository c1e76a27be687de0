"""Episodes: a beneficiary's first call with those of the next 168 hours; none other opens for 14 days (12 to 14)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from passerelle.campaign import Analysis
from passerelle.tables import EPISODES, TIME
from transforms.interactions.threads import Threads
from transforms.moments import DAY, HOUR, micros, times, weeks_of
from transforms.ties.coverage import Coverage

LATE_REPEATS = pa.schema(
    [("platform", pa.string()), ("post_id", pa.string()), ("account_id", pa.string()), ("time", TIME)]
)


@dataclass(frozen=True, slots=True)
class Call:
    """A call: its post's number, id, platform, author, time, and whom it is for."""

    post: int
    post_id: str
    platform: str
    author_id: str
    time: int
    beneficiary_id: str
    is_stand_in: bool


def find_calls(threads: Threads, labels: pa.Table) -> list[Call]:
    """Posts with the hashtag that are labelled ``call``, by time. A repost calls for nobody: its original does.

    Where the beneficiary has no account, the call's author stands in (rule 14).
    """
    ours = labels.filter(pc.equal(labels["label"], "call"))
    ids = threads.posts["post_id"].combine_chunks()
    number = pc.index_in(ours["post_id"].combine_chunks(), value_set=ids)
    calls = {
        int(post): _call(threads, int(post), label)
        for post, label in zip(number.to_pylist(), ours.to_pylist(), strict=True)
        if post is not None and threads.carries[post] and not threads.is_repost[post]
    }
    return sorted(calls.values(), key=_order)


def _call(threads: Threads, post: int, label: dict[str, object]) -> Call:
    author = threads.author[post].as_py()
    for_another = label["beneficiary"] == "other"
    account = label["beneficiary_id"] if for_another else None
    return Call(
        post=post,
        post_id=threads.originals[post].as_py(),
        platform=threads.posts["platform"][post].as_py(),
        author_id=author,
        time=int(threads.time[post]),
        beneficiary_id=author if account is None else str(account),
        is_stand_in=for_another and account is None,
    )


@dataclass(frozen=True, slots=True)
class Grouped:
    """`episodes`: the calls of each by time, episodes by first call. `late`: repeats that belong to no episode."""

    episodes: list[list[Call]]
    late: list[Call]


def group_calls(calls: list[Call], analysis: Analysis) -> Grouped:
    """Calls by episode (rule 12).

    A call opens an episode unless one was opened for the same beneficiary less than 14 days before. A call within the
    follow-up belongs to that episode. A later one within the 14 days belongs to none: it neither prolongs the episode
    nor changes what was counted.
    """
    grouped = Grouped([], [])
    by_beneficiary = sorted(calls, key=lambda call: (call.beneficiary_id, *_order(call)))
    for _, theirs in groupby(by_beneficiary, key=lambda call: call.beneficiary_id):
        _open(theirs, analysis, grouped)
    grouped.episodes.sort(key=lambda calls: _order(calls[0]))
    grouped.late.sort(key=_order)
    return grouped


def _open(calls: Iterator[Call], analysis: Analysis, grouped: Grouped) -> None:
    opened: list[Call] = []
    for call in calls:
        since = call.time - opened[0].time if opened else None
        if since is None or since >= analysis.episode_days * DAY:
            opened = [call]
            grouped.episodes.append(opened)
        elif since < analysis.follow_up_hours * HOUR:
            opened.append(call)
        else:
            grouped.late.append(call)


def _order(call: Call) -> tuple[int, str, bool, str]:
    """By time; what is called at one moment by what it is. Only copies of one call are left to pseudonyms."""
    return call.time, call.platform, call.is_stand_in, call.post_id


def tabulate_late_repeats(late: list[Call]) -> pa.Table:
    """The table `late_repeats` of a study."""
    columns = {
        "platform": [call.platform for call in late],
        "post_id": [call.post_id for call in late],
        "account_id": [call.author_id for call in late],
        "time": times(np.array([call.time for call in late], dtype=np.int64)),
    }
    return pa.table(columns, schema=LATE_REPEATS)


def tabulate_episodes(
    episodes: list[list[Call]], analysis: Analysis, zone: str, as_of: datetime, coverage: Coverage
) -> pa.Table:
    """The table `episodes`, in this order. `is_covered`: the beneficiary's history is known for the whole window."""
    first = [calls[0] for calls in episodes]
    t_call = np.array([call.time for call in first], dtype=np.int64)
    beneficiaries = [call.beneficiary_id for call in first]
    covered = coverage.starts(beneficiaries, t_call) <= t_call - analysis.window_days * DAY
    columns = {
        "episode_id": [call.post_id for call in first],
        "platform": [call.platform for call in first],
        "iso_week": weeks_of(t_call, zone),
        "beneficiary_id": beneficiaries,
        "beneficiary_is_author": [call.is_stand_in for call in first],
        "t_call": times(t_call),
        "call_ids": [[call.post_id for call in calls] for calls in episodes],
        "author_ids": [list(dict.fromkeys(call.author_id for call in calls)) for calls in episodes],
        "is_mature": pa.array(t_call + analysis.follow_up_hours * HOUR <= micros(as_of)),
        "is_covered": pa.array(covered),
    }
    return pa.table(columns, schema=EPISODES.schema)
