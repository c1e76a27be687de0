"""What staged versions of posts are to the lake: new posts, newer versions, or exact repeats."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

FATES = ("accepted", "updated", "duplicate")
_POST = ["platform", "post_id"]
_VERSION = [*_POST, "version_id"]


def compare_versions(staged: pa.Table, known: pa.Table) -> dict[str, int]:
    """Count the rows of `staged` by what :func:`fates` says of them. The three counts add up to its rows."""
    counts = fates(staged, known).value_counts()
    return {name: int(counts.get(name, 0)) for name in FATES}


def fates(staged: pa.Table, known: pa.Table) -> pd.Series[str]:
    """What each row of `staged` (post_versions, in order of capture) is to `known` (the lake's post_versions).

    ``accepted``: the first row of a post that is not in `known`; ``duplicate``: a version that `known` or an
    earlier row has word for word and count for count; ``updated``: any other version of a known post. Only the
    columns platform, post_id and version_id are looked at.
    """
    rows = staged.select(_VERSION).to_pandas()
    old = known.select(_VERSION).to_pandas()
    is_repeat = rows.duplicated(_VERSION) | _is_in(rows, old, _VERSION)
    is_new = ~rows.duplicated(_POST) & ~_is_in(rows, old, _POST)
    fate = pd.Series("updated", index=rows.index)
    return fate.mask(is_repeat, "duplicate").mask(is_new, "accepted")


def changes(looks: pa.Table) -> pa.Table:
    """Those of `looks` (post_versions) that differ from the look before at the same post, in order of capture.

    A post whose counts go back to what they were has changed; one seen again as it was has not, so that the same
    input again says nothing new. To be seen by itself after having been seen inside another is a change too.
    """
    columns = [*_VERSION, "embedded", "captured_at"]
    rows = looks.select(columns).to_pandas().sort_values([*_POST, "captured_at"], kind="stable")
    said = rows[[*_VERSION, "embedded"]]
    changed = (said != said.shift()).any(axis=1)
    return looks.take(pa.array(sorted(changed.index[changed]), pa.int64()))


def _is_in(rows: pd.DataFrame, others: pd.DataFrame, columns: list[str]) -> pd.Series:
    mine, theirs = pd.MultiIndex.from_frame(rows[columns]), pd.MultiIndex.from_frame(others[columns])
    return pd.Series(mine.isin(theirs), index=rows.index)
