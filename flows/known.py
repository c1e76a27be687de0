"""What the lake knows of the posts that staged rows are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import or_

import pyarrow as pa
import pyarrow.compute as pc

from passerelle.delta import among
from passerelle.lake import Lake
from passerelle.tables import POSTS, TABLES
from transforms.merging.names import POINTING, own_ids

IMPORT = "import"
"""The source of runs that were read from files."""


def known_looks(lake: Lake, rows: pa.Table, columns: Sequence[str] | None = None) -> pa.Table:
    """Every look of the lake at the posts of `rows`, in whatever week it stands; of some `columns`."""
    return about_posts(lake, "post_versions", rows, columns)


def about_posts(lake: Lake, name: str, rows: pa.Table, columns: Sequence[str] | None = None) -> pa.Table:
    """Rows of the table `name` about the posts of `rows`.

    Of a table cut by weeks only those weeks are read in which such a post stands: a look of another zone or server may
    have dated it into the week before.
    """
    ids = pc.unique(rows["post_id"])
    where = among("post_id", ids)
    if TABLES[name].partition is not None:
        weeks = lake.read(name, columns=["iso_week"], where=where)["iso_week"]
        where = pc.field("iso_week").isin(pa.array(pc.unique(weeks).to_pylist(), pa.string())) & where
    return lake.read(name, columns=columns, where=where)


def names_of(lake: Lake, looks: pa.Table) -> pa.Table:
    """What the lake knows of the servers' own ids that `looks` hold (rows of `post_names`)."""
    return lake.read("post_names", where=among("name_id", own_ids(looks)))


def pointing_to(lake: Lake, names: pa.Table) -> pa.Table:
    """The posts whose looks hold one of `names` (rows of `post_names`) and no better one (platform, post_id)."""
    flags, columns = list(POINTING), [name for names in POINTING.values() for name in names]
    where = reduce(or_, map(pc.field, flags))
    looks = lake.read("post_versions", columns=[*POSTS.key, *flags, *columns], where=where)
    told = [pc.is_in(looks[name], value_set=names["name_id"].combine_chunks()) for name in columns]
    return looks.filter(reduce(pc.or_, told)).select(list(POSTS.key))


LOOKED_AT = {
    "posts": "captured_at",
    "engagements": "first_seen",
    "polls": "polled_at",
    "accounts": "last_seen_at",
    "coverage": "asked_at",
}


def last_look(lake: Lake, versions: Mapping[str, int] | None = None) -> datetime | None:
    """The moment of the last look at anything, whether or not it showed something new; None in an empty lake.

    A report for which no as-of is given is as of this moment. Every look counts: a post seen again as it was, a
    timeline that had nothing, a crawl that began (an import began when its files were read, which is no look).
    `versions` pins the tables, newest where it does not name one.
    """
    pinned = versions or {}
    moments = [
        pc.max(lake.read(name, version=pinned.get(name), columns=[column])[column]).as_py()
        for name, column in LOOKED_AT.items()
    ]
    crawls = lake.read("runs", version=pinned.get("runs"), columns=["source", "started_at"])
    moments.append(pc.max(crawls.filter(pc.not_equal(crawls["source"], IMPORT))["started_at"]).as_py())
    return max((moment for moment in moments if moment is not None), default=None)


def was_collected(lake: Lake, versions: Mapping[str, int] | None = None) -> bool:
    """Whether a server was ever asked: all else was read from files."""
    sources = lake.read("runs", version=(versions or {}).get("runs"), columns=["source"])["source"]
    return any(source != IMPORT for source in pc.unique(sources).to_pylist())
