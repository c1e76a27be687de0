"""Does a derived table say what its sources say? Told another way than the table was made, so that it can differ."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.merging.keys import comparable
from transforms.merging.posts import KEY, LAST_SAID, NAMED, RELATIONS, WORDS

Flags = NDArray[np.bool_]


def differing_posts(posts: pa.Table, looks: pa.Table, deletions: pa.Table) -> pa.Table:
    """Rows (platform, post_id) of `posts` that are not what `looks` (all looks at them) and `deletions` say.

    Also posts of `looks` that `posts` lacks, and posts without a look. Words must be those of a newest look at the last
    edition, counts those of the newest look that has any, and relations those of a first look; what is replied to and
    quoted must be that of a first look that names it. A post is `embedded` if every look is.
    """
    mine, theirs, ids = _numbers(posts, looks)
    wrong = np.bincount(mine, minlength=len(ids)) != 1
    wrong |= np.bincount(theirs, minlength=len(ids)) == 0
    moment = looks["captured_at"].cast(pa.int64()).to_numpy()
    for name, is_said, is_newest in _asked(looks, theirs, len(ids)):
        wrong |= _unlike(posts[name], looks[name], (mine, theirs, len(ids)), moment, is_said, is_newest)
    first = np.full(len(ids), np.iinfo(np.int64).max)
    np.minimum.at(first, theirs, moment)
    wrong[mine] |= posts["first_captured_at"].cast(pa.int64()).to_numpy() != first[mine]
    own = np.zeros(len(ids), bool)
    own[theirs[~_flags(looks["embedded"])]] = True
    wrong[mine] |= _flags(posts["embedded"]) == own[mine]
    wrong[mine] |= _gone_otherwise(posts, looks, deletions)
    return pa.Table.from_pandas(ids[wrong], preserve_index=False)


def _asked(looks: pa.Table, post: NDArray[np.intp], count: int) -> Iterator[tuple[str, Flags, bool]]:
    """Each column with the looks that may tell it, and whether the newest of them does (else the first)."""
    everything = np.ones(looks.num_rows, bool)
    undated = np.iinfo(np.int64).min
    edited = pc.fill_null(looks["edited_at"].cast(pa.int64()), undated).to_numpy()
    edition = np.full(count, undated)
    np.maximum.at(edition, post, edited)
    yield "captured_at", everything, True
    yield from ((name, edited == edition[post], True) for name in WORDS)
    yield from ((name, everything, False) for name in RELATIONS)
    yield from ((name, _flags(pc.is_valid(looks[name])), True) for name in LAST_SAID)
    for is_local, names in NAMED.items():
        yield from ((name, _best_named(looks[name], _flags(looks[is_local]), post, count), False) for name in names)


def _best_named(said: pa.ChunkedArray, is_local: Flags, post: NDArray[np.intp], count: int) -> Flags:
    """Looks that say it by a name; by their server's own id where no look of that post has a name."""
    valid = _flags(pc.is_valid(said))
    named = np.zeros(count, bool)
    named[post[valid & ~is_local]] = True
    return valid & ~(is_local & named[post])


def _unlike(
    post: pa.ChunkedArray,
    look: pa.ChunkedArray,
    places: tuple[NDArray[np.intp], NDArray[np.intp], int],
    moment: NDArray[np.int64],
    is_said: Flags,
    is_newest: bool,
) -> Flags:
    """Posts whose value no look of the deciding moment has; where no look says anything, it has to be null."""
    mine, theirs, count = places
    at = moment if is_newest else -moment
    best = np.full(count, np.iinfo(np.int64).min)
    np.maximum.at(best, theirs[is_said], at[is_said])
    said, row = np.zeros(count, bool), np.full(count, -1)
    said[theirs[is_said]], row[mine] = True, np.arange(len(mine))
    decides = is_said & (at == best[theirs]) & (row[theirs] >= 0)
    values = pd.Series(comparable(post).to_pandas()), pd.Series(comparable(look).to_pandas())
    told, own = values[1][decides].reset_index(drop=True), values[0].iloc[row[theirs[decides]]].reset_index(drop=True)
    found = np.zeros(count, bool)
    found[theirs[decides][((told == own) | (told.isna() & own.isna())).to_numpy(bool)]] = True
    silent = np.zeros(count, bool)
    silent[mine] = ~_flags(pc.is_valid(post))
    return np.where(said, ~found, ~silent)


def _gone_otherwise(posts: pa.Table, looks: pa.Table, deletions: pa.Table) -> Flags:
    when = deletions.select([*KEY, "deleted_at", "by_own"]).to_pandas().rename(columns={"deleted_at": "found"})
    seen = looks.select([*KEY, "captured_at", "embedded"]).to_pandas().query("not embedded")
    pairs = when.reset_index(names="notice").merge(seen, on=KEY)
    belied = set(pairs["notice"][~pairs["by_own"] & (pairs["captured_at"] > pairs["found"])])
    when = when.drop(index=list(belied)).sort_values("found").drop_duplicates(KEY)
    rows = posts.select([*KEY, "deleted_at"]).to_pandas().merge(when, on=KEY, how="left")
    same = (rows["deleted_at"] == rows["found"]) | (rows["deleted_at"].isna() & rows["found"].isna())
    return np.asarray(~same, np.bool_)


def _numbers(posts: pa.Table, looks: pa.Table) -> tuple[NDArray[np.intp], NDArray[np.intp], pd.DataFrame]:
    """The number of each row's post, and the posts by number."""
    rows = pd.concat([table.select(KEY).to_pandas() for table in (posts, looks)], ignore_index=True)
    grouped = rows.groupby(KEY, sort=False)
    numbers = np.asarray(grouped.ngroup(), np.intp)
    return numbers[: posts.num_rows], numbers[posts.num_rows :], rows.drop_duplicates(KEY).reset_index(drop=True)


def _flags(column: pa.ChunkedArray) -> Flags:
    return np.asarray(column.to_numpy(), np.bool_)
