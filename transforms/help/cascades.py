"""Everything that stands under a call: replies, quotes, replies to quotes, and the reposts of all of them (rule 16)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.columns import texts
from transforms.graphs.jit import Longs, compiled
from transforms.interactions.threads import NONE, Threads

Flags = NDArray[np.bool_]


def find_cascades(threads: Threads, reposts: pd.DataFrame, calls: Longs, stops: Longs) -> pd.DataFrame:
    """Every post and repost under each of `calls`; the search ends at another call and at each of `stops`.

    `calls`, `stops`: numbers of posts. Columns: call (position in `calls`), post (number; NONE for a repost), parent
    (number of the post acted upon; if that is a repost, of its original), act, platform, account_id, post_id (for a
    repost, of the post reposted), acted_on_id, acted_on_author_id, time, not_before, depth (1 = on the call itself),
    event (row of `reposts`; NONE for others), is_repeat, is_parent.

    A post that both replies and quotes under the same call has two rows. `is_parent` marks the one by which it stands
    in the tree: that of the reply, unless it would close a circle.
    """
    is_call = np.zeros(len(threads.time), np.bool_)
    is_call[calls] = is_call[stops] = True
    ways = (threads.below.start, threads.below.child, threads.above, threads.beside)
    call, post, parent, depth, by_reply, by_quote = _walk(*ways, threads.is_repost, calls, is_call)
    found = pd.DataFrame({"call": call, "post": post, "depth": depth})
    replies = _written(threads, found[by_reply], parent[by_reply], "reply")
    quotes = _written(threads, found[by_quote], parent[by_quote], "quote")
    # replied to and quoted: one parent in the tree
    quotes["is_parent"] &= ~(by_reply & (threads.above[post] == parent))[by_quote]
    places = pd.DataFrame(
        {
            "call": np.r_[np.arange(len(calls)), call],
            "parent": np.r_[calls, post],
            "depth": np.r_[np.zeros(len(calls), np.int64), depth] + 1,
        }
    )
    return pd.concat([replies, quotes, _reposted(threads, reposts, places)], ignore_index=True)


def _written(threads: Threads, found: pd.DataFrame, parent: Longs, act: str) -> pd.DataFrame:
    post = found["post"].to_numpy(np.int64)
    posts = threads.posts.take(pa.array(post))
    above, seen = (threads.above, threads.reply) if act == "reply" else (threads.beside, threads.quote)
    author = threads.author.take(pa.array(seen[post], mask=seen[post] == NONE))
    return pd.DataFrame(
        {
            "call": found["call"].to_numpy(),
            "post": post,
            "parent": above[post],
            "act": act,
            "platform": texts(posts["platform"]),
            "account_id": texts(posts["author_id"]),
            "post_id": texts(posts["post_id"]),
            "acted_on_id": texts(posts["reply_to_id" if act == "reply" else "quote_of_id"]),
            "acted_on_author_id": texts(pc.coalesce(author, posts["reply_to_author_id"].combine_chunks())),
            "time": threads.time[post],
            "not_before": threads.time[post],
            "depth": found["depth"].to_numpy(),
            "event": NONE,
            "is_repeat": False,
            "is_parent": above[post] == parent,
        }
    )


def _reposted(threads: Threads, reposts: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    names = {"original": "parent", "author_id": "acted_on_author_id"}
    events = reposts.drop(columns="is_campaign").rename(columns=names)
    events["event"] = np.arange(len(events))
    acts = places.merge(events, on="parent")
    post_id = texts(threads.originals.take(pa.array(acts["parent"].to_numpy(np.int64))))
    return acts.assign(post=NONE, act="repost", post_id=post_id, acted_on_id=post_id, is_parent=True)


@compiled
def _walk(
    start: Longs,
    child: Longs,
    above: Longs,
    beside: Longs,
    is_repost: Flags,
    calls: Longs,
    is_call: Flags,
) -> tuple[Longs, Longs, Longs, Longs, Flags, Flags]:
    """Posts under each call, by breadth: position of the call, post, parent, depth, and by which ways it is there."""
    nodes = len(above)
    stamp, place = np.full(nodes, -1, np.int64), np.zeros(nodes, np.int64)
    queue, found_by = np.empty(nodes + 1, np.int64), np.empty(nodes + 1, np.int64)
    parts = [np.empty((6, 0), np.int64)]
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
        part = np.empty((6, last - 1), np.int64)
        part[0], part[1] = k, queue[1:last]
        part[3] = _depths(chosen, found_by, last)[1:]
        part[2] = queue[chosen[1:]]
        for i in range(last - 1):
            part[4, i], part[5, i] = _is_under(above[part[1, i]], stamp, k), _is_under(beside[part[1, i]], stamp, k)
        parts.append(part)
    found = _joined(parts)
    return found[0], found[1], found[2], found[3], found[4] > 0, found[5] > 0


@compiled
def _is_under(post: int, stamp: Longs, k: int) -> bool:
    return post >= 0 and stamp[post] == k


@compiled
def _joined(parts: list[Longs]) -> Longs:
    count = 0
    for part in parts:
        count += part.shape[1]
    whole = np.empty((6, count), np.int64)
    at = 0
    for part in parts:
        whole[:, at : at + part.shape[1]] = part
        at += part.shape[1]
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
            if _is_under(parent, stamp, k):
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
