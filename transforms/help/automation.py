"""Signs of automation: rate, regularity, repetition. They are shown to whoever decides, and change nobody's role."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from transforms.columns import texts
from transforms.moments import DAY, clock

FAST = 50.0
"""Posts per active day (Howard & Kollanyi 2016)."""
FEWEST_DAYS = 3
REGULAR = 0.5
"""Share of posts in the same minute of the hour, as a timer sets them (after Zhang & Paxson 2011)."""
REPETITIVE = 0.5
"""Share of posts with words that say what another post of the account says, links, numbers and names aside."""
FEWEST_POSTS = 20
_MINUTE = 60_000_000
_CHANGING = r"https?://\S+|@\w+|\d+|\s+"

SIGNS = pa.schema(
    [
        ("account_id", pa.string()),
        ("num_posts", pa.int64()),
        ("posts_per_active_day", pa.float64()),
        ("share_same_minute", pa.float64()),
        ("share_repeated", pa.float64()),
        ("is_fast", pa.bool_()),
        ("is_regular", pa.bool_()),
        ("is_repetitive", pa.bool_()),
    ]
)


def automation_signs(posts: pa.Table) -> pa.Table:
    """One row an account with a sign, by account_id.

    Columns: account_id, num_posts, posts_per_active_day, share_same_minute, share_repeated (null under 20 posts
    with words), is_fast, is_regular, is_repetitive. `posts` has the schema of that table; reposts count as posts.
    """
    rows = pd.DataFrame({"account_id": texts(posts["author_id"]), "time": clock(posts["created_at"])})
    rows["day"], rows["minute"] = rows["time"] // DAY, rows["time"] // _MINUTE % 60
    by_account = rows.groupby("account_id")
    found = by_account.agg(num_posts=("time", "size"), num_days=("day", "nunique"))
    found["posts_per_active_day"] = found["num_posts"] / found["num_days"]
    same_minute = rows.groupby(["account_id", "minute"]).size().groupby("account_id").max()
    found["share_same_minute"] = same_minute / found["num_posts"]
    found["share_repeated"] = _repeated(posts)
    found["is_fast"] = (found["posts_per_active_day"] > FAST) & (found["num_days"] >= FEWEST_DAYS)
    found["is_regular"] = (found["share_same_minute"] > REGULAR) & (found["num_posts"] >= FEWEST_POSTS)
    found["is_repetitive"] = found["share_repeated"] > REPETITIVE
    signs = found[found["is_fast"] | found["is_regular"] | found["is_repetitive"]]
    return pa.Table.from_pandas(signs.drop(columns="num_days").reset_index(), schema=SIGNS, preserve_index=False)


def _repeated(posts: pa.Table) -> pd.Series:
    """Share of an account's posts with words whose words stand in another of its posts."""
    words = pd.DataFrame({"account_id": texts(posts["author_id"]), "text": texts(posts["text"])})
    words["text"] = words["text"].str.casefold().str.replace(_CHANGING, " ", regex=True).str.strip()
    words = words[words["text"] != ""]
    again = words.duplicated(["account_id", "text"], keep=False).groupby(words["account_id"])
    share: pd.Series = again.mean()[again.size() >= FEWEST_POSTS]
    return share
