"""Posts as numbered arrays: who wrote what when, under which posts it stands, and what carries the hashtag."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from passerelle.tables import TIME
from transforms.graphs.jit import Longs, compiled
from transforms.moments import clock

NONE = -1
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Threads:
    """Posts by number (rows of `posts`: by time, then platform, id). A number is `NONE` for nothing, or nothing seen.

    `reply`, `quote`: the post acted upon. `is_reply`: also where the parent was never seen. A repost row makes
    neither replies nor quotes (rule 1), and no post acts upon itself. `above`, `beside`: the post it stands under by
    reply (the stated root where the parent was never seen) and by quote; under a repost means under its original.
    `original`: what is finally reposted
    through a chain of reposts, a number of `originals` (the posts, then reposted ones that were never seen);
    `NONE` for other posts and for cycles. `root_id`: stated, else found by climbing; null in cycles and where the
    climb ends at a missing parent, which `is_orphan` marks (rule 10). `carries`: has the hashtag itself;
    `is_campaign`: or stands under one that has it (rule 25).
    """

    posts: pa.Table
    author: pa.Array
    time: Longs
    is_repost: Flags
    is_reply: Flags
    reply: Longs
    quote: Longs
    above: Longs
    beside: Longs
    original: Longs
    originals: pa.Array
    root_id: pa.Array
    is_orphan: Flags
    carries: Flags
    is_campaign: Flags
    below: Arcs


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """Posts that act upon post i, by any way: ``child[start[i]:start[i + 1]]``."""

    start: Longs
    child: Longs


def build_threads(posts: pa.Table, hashtags: frozenset[str], as_of: datetime | None = None) -> Threads:
    """Number the posts; deleted ones, later ones than `as_of` and repeated rows are left out.

    A post that stands under no seen parent but states the root of its thread stands under that root.
    """
    posts = _kept(posts, as_of)
    ids = posts["post_id"].combine_chunks()
    is_repost = _flags(pc.is_valid(posts["repost_of_id"]))
    reply, quote = (_number(posts[name], ids) for name in ("reply_to_id", "quote_of_id"))
    states_reply = _flags(pc.is_valid(posts["reply_to_id"])) & (reply != np.arange(len(ids))) & ~is_repost
    repost, root = (_not_itself(_number(posts[name], ids)) for name in ("repost_of_id", "root_id"))
    reply, quote = (np.where(is_repost, NONE, _not_itself(way)) for way in (reply, quote))
    original, originals = _originals(posts["repost_of_id"], ids, is_repost)
    above, beside = (
        _first_hand(way, original) for way in (np.where(states_reply & (reply == NONE), root, reply), quote)
    )
    root_id, is_orphan = _roots(posts, states_reply, np.where(is_repost, repost, reply))
    below = _arcs(above, beside, repost)
    carries = _carries(posts["hashtags"], hashtags) & ~(is_repost & (repost != NONE))
    return Threads(
        posts=posts,
        author=posts["author_id"].combine_chunks(),
        time=clock(posts["created_at"]),
        is_repost=is_repost,
        is_reply=states_reply,
        reply=reply,
        quote=quote,
        above=above,
        beside=beside,
        original=original,
        originals=originals,
        root_id=root_id,
        is_orphan=is_orphan,
        carries=carries,
        is_campaign=_below_any(below.start, below.child, carries),
        below=below,
    )


def _kept(posts: pa.Table, as_of: datetime | None) -> pa.Table:
    keep = pc.is_null(posts["deleted_at"])
    if as_of is not None:
        keep = pc.and_(keep, pc.less_equal(posts["created_at"], pa.scalar(as_of, TIME)))
    posts = posts.filter(keep).sort_by([("post_id", "ascending"), ("captured_at", "descending")])
    ids = posts["post_id"].combine_chunks()
    first = np.ones(len(ids), bool)
    if len(ids) > 1:
        first[1:] = _flags(pc.not_equal(ids[1:], ids[:-1]))
    by_time = [(name, "ascending") for name in ("created_at", "platform", "post_id")]
    return posts.filter(pa.array(first)).sort_by(by_time).combine_chunks()


def _number(column: pa.ChunkedArray, ids: pa.Array) -> Longs:
    found = pc.fill_null(pc.index_in(column.combine_chunks(), value_set=ids, skip_nulls=True), NONE)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.int64)


def _flags(column: pa.ChunkedArray | pa.Array) -> Flags:
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.bool_)


def _not_itself(way: Longs) -> Longs:
    return np.where(way == np.arange(len(way)), NONE, way)


def _first_hand(way: Longs, original: Longs) -> Longs:
    """A repost that was answered or quoted stands for its original, where that was seen."""
    through = np.where(way == NONE, NONE, original[way]) if len(way) else way
    return np.where((through != NONE) & (through < len(original)), through, way)


def _originals(reposted: pa.ChunkedArray, ids: pa.Array, is_repost: Flags) -> tuple[Longs, pa.Array]:
    """Follow chains of reposts to a post that is none, or that was never seen."""
    unseen = pc.unique(pc.drop_null(reposted.filter(pc.invert(pc.is_in(reposted, value_set=ids)))))
    originals = pa.concat_arrays([ids, unseen.take(pc.sort_indices(unseen))])
    step = np.arange(len(originals))
    step[: len(ids)][is_repost] = _number(reposted, originals)[is_repost]
    last = _ends(step)[: len(ids)]
    in_cycle = np.r_[is_repost, np.zeros(len(unseen), bool)][last]
    return np.where(is_repost & ~in_cycle, last, NONE), originals


def _roots(posts: pa.Table, states_reply: Flags, above: Longs) -> tuple[pa.Array, Flags]:
    """Root ids, and which replies end at a missing parent. Climbing stops where a root is stated."""
    stated = _flags(pc.is_valid(posts["root_id"]))
    step = np.where(stated | (above == NONE), np.arange(len(above)), above)
    last = _ends(step)
    endless = step[last] != last
    lost = ~endless & states_reply[last] & ~stated[last]
    found = pc.coalesce(posts["root_id"], posts["post_id"]).combine_chunks().take(pa.array(last))
    return pc.if_else(pa.array(endless | lost), None, found), lost & states_reply


def _ends(step: Longs) -> Longs:
    """Where repeated steps end, by doubling; in a cycle some post of the cycle, which still steps on."""
    reach = 1
    while reach <= len(step):
        step = step[step]
        reach *= 2
    return step


def _carries(tags: pa.ChunkedArray, hashtags: frozenset[str]) -> Flags:
    column = tags.combine_chunks()
    ours = _flags(pc.is_in(pc.list_flatten(column), value_set=pa.array(sorted(hashtags), pa.string())))
    carries = np.zeros(len(column), np.bool_)
    carries[pc.list_parent_indices(column).to_numpy()[ours]] = True
    return carries


def _arcs(*ways: Longs) -> Arcs:
    count = len(ways[0])
    child, parent = np.tile(np.arange(count), len(ways)), np.concatenate(ways)
    child, parent = child[parent != NONE], parent[parent != NONE]
    order = np.lexsort((child, parent))
    return Arcs(np.searchsorted(parent[order], np.arange(count + 1)).astype(np.int64), child[order])


@compiled
def _below_any(start: Longs, child: Longs, seeds: Flags) -> Flags:
    """Posts at or below any of the seeds."""
    reached = seeds.copy()
    queue = np.empty(len(seeds), np.int64)
    last = 0
    for i in range(len(seeds)):
        if seeds[i]:
            queue[last] = i
            last += 1
    first = 0
    while first < last:
        i = queue[first]
        first += 1
        for at in range(start[i], start[i + 1]):
            if not reached[child[at]]:
                reached[child[at]] = True
                queue[last] = child[at]
                last += 1
    return reached
