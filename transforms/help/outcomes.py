"""Outcomes told: posts in which a search ends well, or a seeker thanks those who helped (label rule 11)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from passerelle.tables import TIME
from transforms.interactions.threads import Threads

OUTCOMES = pa.schema(
    [
        ("platform", pa.string()),
        ("post_id", pa.string()),
        ("account_id", pa.string()),
        ("time", TIME),
        ("outcome", pa.string()),
    ]
)


def tabulate_outcomes(threads: Threads, labels: pa.Table) -> pa.Table:
    """Posts with the hashtag that are labelled ``thanks_outcome``, each once, by time; reposts tell nothing themselves.

    `outcome`: result, thanks, or null where it is not known which of the two.
    """
    told = labels.filter(pc.equal(labels["label"], "thanks_outcome"))
    place = pc.index_in(threads.posts["post_id"].combine_chunks(), value_set=told["post_id"].combine_chunks())
    is_ours = threads.carries & ~threads.is_repost & np.asarray(pc.is_valid(place), dtype=np.bool_)
    posts, place = threads.posts.filter(pa.array(is_ours)), place.filter(pa.array(is_ours))
    columns = [posts[name] for name in ("platform", "post_id", "author_id", "created_at")]
    return pa.table([*columns, told["outcome"].take(place)], schema=OUTCOMES)
