"""Which staged looks at posts are news to the lake, and which of them it keeps.

A look is a row of `post_versions`: a post as it was seen at one moment. Looks are a sequence: what is said again, after
something else was said, is news again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pandas as pd
import pyarrow as pa

from passerelle.tables import POST_VERSIONS
from transforms.merging.keys import first_by_key, news

FATES = ("accepted", "updated", "duplicate")
_POST = ["platform", "post_id"]
_POST_THERE = [*_POST, "source"]
_SAID = [*_POST, "version_id", "embedded"]
_LOOK = [*_SAID, "captured_at", "source", "run_id"]
_ONE_OF_SAME = ["embedded", "_began", "source", "run_id"]
"""Of looks at one moment that say the same, the one that comes first by these is kept, in whatever order they came.

When its run began, then from where: nothing that another key of the pseudonyms would change."""


def fates(staged: pa.Table, known: pa.Table) -> pd.Series[str]:
    """What each row of `staged` (post_versions) is to `known` (the lake's looks at the same posts).

    ``accepted``: the first row of a post that is not in `known`. ``duplicate``: it says what an earlier look said: the
    last one, the last of its kind (the post itself, or seen inside another) or the last of its source, since no two
    servers count the same. ``updated``: any other look at a known post.
    """
    columns = [*_SAID, "captured_at", "source"]
    new, old = (rows.select(columns).to_pandas() for rows in (staged, known))
    rows = pd.concat([old, new], keys=["old", "new"]).sort_values([*_POST, "captured_at"], kind="stable")
    fate = pd.Series("updated", index=rows.index)
    fate = fate.mask(_says_the_same(rows) | _is_known(rows), "duplicate")
    mine = pd.Series(fate[fate.index.get_level_values(0) == "new"].droplevel(0)).reindex(new.index)
    known_posts = pd.MultiIndex.from_frame(old[_POST])
    first = ~new.sort_values("captured_at", kind="stable").duplicated(_POST).reindex(new.index)
    return mine.mask(first & ~pd.MultiIndex.from_frame(new[_POST]).isin(known_posts), "accepted")


def kept_looks(
    staged: pa.Table,
    known: pa.Table,
    clocks: Mapping[str, datetime],
    began: Mapping[str, datetime] | None = None,
) -> pa.Table:
    """The rows of `staged` to merge into `known`: neither the order of runs nor a second time changes the result.

    Of looks of one run that say the same, the first and the last are kept. `clocks`: when an import began, by run. From
    that moment on, an import only assumes when it captured a post: such looks are dropped where they say what is known
    last. `began`: when any run began, by run.
    """
    looks = _ends(staged)
    looks = looks.filter(pa.array(~_only_assumed(looks, known, clocks), pa.bool_()))
    both = pa.concat_tables([looks, known])
    moments = pa.array([(began or {}).get(run) for run in both["run_id"].to_pylist()], pa.timestamp("us", "UTC"))
    ordered = both.append_column("_began", moments).sort_by([(name, "ascending") for name in _ONE_OF_SAME])
    chosen = first_by_key(ordered, POST_VERSIONS.key).drop_columns("_began")
    return news(chosen, known, POST_VERSIONS.key)


def _says_the_same(rows: pd.DataFrame) -> pd.Series:
    """Whether each look, in order of capture by post, says what the last one before it of either kind said, anywhere
    or on its own server.
    """
    same = pd.Series(False, index=rows.index)
    for groups in (_POST, _POST_THERE):
        posts = [rows[name] for name in groups]
        for kind in (True, False):
            said = rows["version_id"].where(rows["embedded"] == kind)
            before = said.groupby(posts, sort=False).ffill().groupby(posts, sort=False).shift()
            same |= before == rows["version_id"]
    return same


def _is_known(rows: pd.DataFrame) -> pd.Series:
    """Whether a look stands there already, or twice."""
    key = list(POST_VERSIONS.key)
    return rows.sort_index(level=0, ascending=False, kind="stable").duplicated(key).reindex(rows.index)


def _ends(looks: pa.Table) -> pa.Table:
    """The first and last look of each run that say the same."""
    rows = looks.select(_LOOK).to_pandas()
    rows = rows.sort_values("captured_at", kind="stable")
    what = [*_SAID, "run_id"]
    ends = rows[~(rows.duplicated(what) & rows.duplicated(what, keep="last"))]
    return looks.take(pa.array(sorted(ends.index), pa.int64()))


def _only_assumed(looks: pa.Table, known: pa.Table, clocks: Mapping[str, datetime]) -> pd.Series[bool]:
    """Looks whose capture is only assumed, and that tell of their post, one after the other, what `known` ends with:
    what anybody said last, or their own source.
    """
    rows, old = (table.select(_LOOK).to_pandas() for table in (looks, known))
    began = pd.to_datetime(rows["run_id"].map(clocks), utc=True)
    assumed = rows[began.notna() & (rows["captured_at"] >= began)]
    if assumed.empty or old.empty:
        return pd.Series(False, index=rows.index)
    key = list(POST_VERSIONS.key)
    brought = pd.MultiIndex.from_frame(old[key]).isin(pd.MultiIndex.from_frame(assumed[key]))
    same = pd.Series(False, index=rows.index)
    for by in (_POST, _POST_THERE):
        told, last = _stories(assumed, by), _stories(old[~brought], by)
        again = {post for post, story in told.items() if last.get(post, [])[-len(story) :] == story}
        same |= pd.Series([post in again for post in pd.MultiIndex.from_frame(rows[by])], rows.index, bool)
    return same.where(rows.index.isin(assumed.index), False)


def _stories(rows: pd.DataFrame, by: list[str]) -> dict[tuple[str, ...], list[tuple[str, bool]]]:
    """By post (`by` its key) what its looks say, one after the other, each change once."""
    rows = rows.sort_values([*by, "captured_at"], kind="stable")[[*by, "version_id", "embedded"]]
    rows = rows[(rows != rows.shift()).any(axis=1)]
    stories: dict[tuple[str, ...], list[tuple[str, bool]]] = {}
    for *post, version, embedded in rows.itertuples(index=False):
        stories.setdefault(tuple(post), []).append((version, embedded))
    return stories
