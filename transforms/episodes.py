"""Episodes: the calls for one beneficiary within 14 days, followed for 168 hours (rules 12 to 14 and 23)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from passerelle.campaign import Analysis
from passerelle.tables import EPISODES
from transforms.coverage import Coverage
from transforms.moments import DAY, HOUR, micros, times, weeks_of
from transforms.threads import Threads


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

    A call on behalf of somebody without account is tied to its author, who stands in (rule 14).
    """
    ours = labels.filter(pc.equal(labels["label"], "call"))
    ids = threads.posts["post_id"].combine_chunks()
    number = pc.index_in(ours["post_id"].combine_chunks(), value_set=ids)
    calls = {
        int(post): _call(threads, int(post), label)
        for post, label in zip(number.to_pylist(), ours.to_pylist(), strict=True)
        if post is not None and threads.carries[post] and not threads.is_repost[post]
    }
    return sorted(calls.values(), key=lambda call: (call.time, call.post_id))


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


def group_calls(calls: list[Call], analysis: Analysis) -> list[list[Call]]:
    """Calls of each episode, the first one first; episodes by first call.

    A call opens an episode unless one for that beneficiary was opened less than 14 days before; no chaining.
    """
    episodes: list[list[Call]] = []
    by_beneficiary = sorted(calls, key=lambda call: (call.beneficiary_id, call.time, call.post_id))
    for _, theirs in groupby(by_beneficiary, key=lambda call: call.beneficiary_id):
        episodes.extend(_open(theirs, analysis.episode_days * DAY))
    return sorted(episodes, key=lambda calls: (calls[0].time, calls[0].post_id))


def _open(calls: Iterator[Call], width: int) -> list[list[Call]]:
    episodes: list[list[Call]] = []
    for call in calls:
        if not episodes or call.time - episodes[-1][0].time >= width:
            episodes.append([])
        episodes[-1].append(call)
    return episodes


def tabulate_episodes(
    episodes: list[list[Call]], analysis: Analysis, zone: str, as_of: datetime, coverage: Coverage
) -> pa.Table:
    """The table `episodes`, as ordered. `is_covered`: the beneficiary's history reaches back the whole window."""
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
