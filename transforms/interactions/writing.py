"""Whom a written post addresses: its parent's author, the one it quotes, those it mentions by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.graphs.jit import Longs
from transforms.interactions.threads import NONE, Threads

MOST_MENTIONS = 4
"""A post that mentions more accounts than this addresses nobody in particular."""
KINDS = ("reply", "quote", "repost", "mention")
"""By precedence: where a post acts towards somebody in two ways, the first one counts."""
_REPLY, _QUOTE, _, _MENTION = range(len(KINDS))


@dataclass(frozen=True, slots=True, eq=False)
class Dyads:
    """One entry a post and account addressed: number of the post, account, position in `KINDS`."""

    post: Longs
    target: pa.Array
    kind: Longs


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """(post, account) pairs as one number each: ``post * width + account``."""

    accounts: pa.Array

    @property
    def width(self) -> int:
        return max(len(self.accounts), 1)

    def join(self, post: Longs, account: Longs) -> Longs:
        """Pairs; one without account is left out."""
        known = account != NONE
        joined: Longs = post[known] * self.width + account[known]
        return joined

    def number(self, ids: pa.Array | pa.ChunkedArray) -> Longs:
        found = pc.fill_null(pc.index_in(ids, value_set=self.accounts, skip_nulls=True), NONE)
        return np.asarray(found.to_numpy(), dtype=np.int64)

    def listed(self, lists: pa.Array) -> Longs:
        """Pairs of posts and the accounts listed by them."""
        post = pc.list_parent_indices(lists).to_numpy().astype(np.int64)
        return self.join(post, self.number(pc.list_flatten(lists)))


def written_dyads(threads: Threads) -> Dyads:
    """Dyads of all posts but reposts, by precedence, without self-pairs (rules 1, 4, 5 and 10)."""
    pairs = _Pairs(_accounts(threads.posts))
    author = pairs.number(threads.author)
    row = np.arange(len(author))
    stated = pairs.number(threads.posts["reply_to_author_id"])
    parent = np.where(threads.reply != NONE, author[threads.reply], stated)
    replies = pairs.join(row, np.where(threads.is_reply, parent, NONE))
    quotes = pairs.join(row, np.where(threads.quote != NONE, author[threads.quote], NONE))
    own = pairs.join(row, author)
    mentions = _own_mentions(threads, pairs, author, parent)
    joined = np.concatenate([replies, quotes, mentions])
    kind = np.repeat([_REPLY, _QUOTE, _MENTION], [len(replies), len(quotes), len(mentions)])
    found, first = np.unique(joined, return_index=True)  # the first of equals: by precedence
    kept = ~np.isin(found, own, assume_unique=True)
    post, target = np.divmod(found[kept], pairs.width)
    return Dyads(post, pairs.accounts.take(pa.array(target)), kind[first][kept])


def _own_mentions(threads: Threads, pairs: _Pairs, author: Longs, parent: Longs) -> Longs:
    """Mentions that a post makes itself, if they are not too many."""
    lists = threads.posts["mentions"].combine_chunks()
    # addressed without a post to reply to: a mention like any other
    addressed = np.where(threads.is_reply | _states_parent(threads), NONE, parent)
    row = np.arange(len(author))
    mentioned = np.concatenate([pairs.listed(lists), pairs.join(row, addressed)])
    unseen = threads.is_reply & (threads.reply == NONE)
    prefix = pairs.listed(threads.posts["prefix_mentions"].combine_chunks())
    left_out = [
        pairs.join(row, author),
        pairs.join(row, np.where(threads.is_reply, parent, NONE)),
        prefix[unseen[prefix // pairs.width]],
        _mentions_of_parents(threads, pairs, lists),
    ]
    own = np.setdiff1d(mentioned, np.concatenate(left_out))
    post = own // pairs.width
    own = own[~threads.is_repost[post]]
    _, place, count = np.unique(own // pairs.width, return_inverse=True, return_counts=True)
    few: Longs = own[count[place] <= MOST_MENTIONS]
    return few


def _states_parent(threads: Threads) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    stated = pc.is_valid(threads.posts["reply_to_id"]).combine_chunks()
    return np.asarray(stated.to_numpy(zero_copy_only=False))


def _mentions_of_parents(threads: Threads, pairs: _Pairs, lists: pa.Array) -> Longs:
    """What a reply inherits of the mentions of its parent, for every reply whose parent was seen."""
    child = np.flatnonzero(threads.reply != NONE)
    inherited = lists.take(pa.array(threads.reply[child]))
    post = child[pc.list_parent_indices(inherited).to_numpy().astype(np.int64)]
    return pairs.join(post, pairs.number(pc.list_flatten(inherited)))


def _accounts(posts: pa.Table) -> pa.Array:
    columns = [posts["author_id"], posts["reply_to_author_id"], pc.list_flatten(posts["mentions"])]
    parts = [column.combine_chunks() for column in (*columns, pc.list_flatten(posts["prefix_mentions"]))]
    return pc.unique(pc.drop_null(pa.concat_arrays(parts)))
