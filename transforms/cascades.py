"""Everything that stands under a call: replies, quotes, replies to quotes, and the reposts of all of them (rule 16)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.graphs.jit import Longs, compiled
from transforms.threads import NONE, Threads

Flags = NDArray[np.bool_]


def find_cascades(threads: Threads, reposts: pd.DataFrame, calls: Longs) -> pd.DataFrame:
    """What acts on each call or on something under it; another call under it is where a way stops.

    `calls`: numbers of the posts that are calls. Columns: call (position in `calls`), post (number; NONE for a
    repost), parent (number of the post acted upon, that being a repost its original), act, platform, account_id,
    post_id (of a repost the post reposted), acted_on_id, acted_on_author_id, time, not_before, depth (1 = on the
    call itself), event (row of `reposts`, NONE for others), is_repeat. A post that both replies and quotes under
    the same call acts by its reply.
    """
    is_call = np.zeros(len(threads.time), np.bool_)
    is_call[calls] = True
    ways = (threads.below.start, threads.below.child, threads.above, threads.beside)
    call, post, parent, depth = _walk(*ways, threads.is_repost, calls, is_call)
    written = _written(threads, call, post, parent).assign(depth=depth)
    places = pd.DataFrame(
        {
            "call": np.r_[np.arange(len(calls)), call],
            "parent": np.r_[calls, post],
            "depth": np.r_[np.zeros(len(calls), np.int64), depth] + 1,
        }
    )
    return pd.concat([written, _reposted(threads, reposts, places)], ignore_index=True)


def _written(threads: Threads, call: Longs, post: Longs, parent: Longs) -> pd.DataFrame:
    posts = threads.posts.take(pa.array(post))
    by_reply = threads.above[post] == parent
    seen = np.where(by_reply, threads.reply[post], threads.quote[post])
    author = threads.author.take(pa.array(seen, mask=seen == NONE))
    return pd.DataFrame(
        {
            "call": call,
            "post": post,
            "parent": parent,
            "act": np.where(by_reply, "reply", "quote"),
            "platform": posts["platform"].to_pandas(),
            "account_id": posts["author_id"].to_pandas(),
            "post_id": posts["post_id"].to_pandas(),
            "acted_on_id": pc.if_else(pa.array(by_reply), posts["reply_to_id"], posts["quote_of_id"]).to_pandas(),
            "acted_on_author_id": pc.coalesce(author, posts["reply_to_author_id"].combine_chunks()).to_pandas(),
            "time": threads.time[post],
            "not_before": threads.time[post],
            "event": NONE,
            "is_repeat": False,
        }
    )


def _reposted(threads: Threads, reposts: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    names = {"original": "parent", "author_id": "acted_on_author_id"}
    events = reposts.drop(columns="is_campaign").rename(columns=names)
    events["event"] = np.arange(len(events))
    acts = places.merge(events, on="parent")
    post_id = threads.originals.take(pa.array(acts["parent"].to_numpy(np.int64))).to_pandas()
    return acts.assign(post=NONE, act="repost", post_id=post_id, acted_on_id=post_id)


@compiled
def _walk(
    start: Longs,
    child: Longs,
    above: Longs,
    beside: Longs,
    is_repost: Flags,
    calls: Longs,
    is_call: Flags,
) -> tuple[Longs, Longs, Longs, Longs]:
    """Posts under each call, by breadth: position of the call, post, parent, depth."""
    nodes = len(above)
    stamp, place = np.full(nodes, -1, np.int64), np.zeros(nodes, np.int64)
    queue, found_by = np.empty(nodes + 1, np.int64), np.empty(nodes + 1, np.int64)
    parts = [(queue[:0].copy(), queue[:0].copy(), queue[:0].copy(), queue[:0].copy())]
    for k in range(len(calls)):
        queue[0], stamp[calls[k]], place[calls[k]] = calls[k], k, 0
        first, last = 0, 1
        while first < last:
            for at in range(start[queue[first]], start[queue[first] + 1]):
                post = child[at]
                if stamp[post] != k and not is_call[post] and not is_repost[post]:
                    stamp[post], place[post] = k, last
                    queue[last], found_by[last] = post, first
                    last += 1
            first += 1
        chosen = _parents(queue, found_by, last, above, beside, stamp, place, k)
        depth = _depths(chosen, found_by, last)
        posts = queue[1:last].copy()
        parts.append((np.full(last - 1, k, np.int64), posts, queue[chosen[1:]], depth[1:]))
    return (
        _joined([part[0] for part in parts]),
        _joined([part[1] for part in parts]),
        _joined([part[2] for part in parts]),
        _joined([part[3] for part in parts]),
    )


@compiled
def _joined(parts: list[Longs]) -> Longs:
    count = 0
    for part in parts:
        count += len(part)
    whole = np.empty(count, np.int64)
    at = 0
    for part in parts:
        whole[at : at + len(part)] = part
        at += len(part)
    return whole


@compiled
def _parents(
    queue: Longs, found_by: Longs, count: int, above: Longs, beside: Longs, stamp: Longs, place: Longs, k: int
) -> Longs:
    """Places in the queue of what each post acts upon: by reply if that is under call `k`, else as it was found."""
    chosen = found_by[:count].copy()
    chosen[0] = -1
    for i in range(1, count):
        for parent in (beside[queue[i]], above[queue[i]]):
            if parent >= 0 and stamp[parent] == k:
                chosen[i] = place[parent]
    return chosen


@compiled
def _depths(chosen: Longs, found_by: Longs, count: int) -> Longs:
    """Steps to the call. Where posts act upon one another in a circle, one of them goes back to how it was found."""
    depth = np.full(count, -1, np.int64)
    depth[0] = 0
    passed = np.full(count, -1, np.int64)
    path = np.empty(count, np.int64)
    turn = 0
    for i in range(1, count):
        while depth[i] < 0:
            j, length = i, 0
            while depth[j] < 0 and passed[j] != turn:
                passed[j] = turn
                path[length] = j
                length += 1
                j = chosen[j]
            turn += 1
            if depth[j] < 0:
                while chosen[j] == found_by[j]:
                    j = chosen[j]
                chosen[j] = found_by[j]
                continue
            for at in range(length - 1, -1, -1):
                depth[path[at]] = depth[chosen[path[at]]] + 1
    return depth
