"""When sources were last looked at, whether or not anything had changed: the moment that a study is as of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from passerelle.tables import IMPORT


def last_look(runs: pa.Table, coverage: pa.Table) -> datetime | None:
    """The last moment at which a collection asked a source; None for a lake that only has imported files.

    An import reads a file, which is a look of the moment at which the file was made; a failed run saw nothing.
    """
    looked = runs.filter(pc.and_(pc.not_equal(runs["source"], IMPORT), pc.not_equal(runs["status"], "failed")))
    asked = coverage.filter(pc.is_in(coverage["run_id"], pc.unique(looked["run_id"])))
    ends = (looked["started_at"], looked["finished_at"], asked["asked_at"])
    return max((moment for column in ends if (moment := pc.max(column).as_py()) is not None), default=None)


def last_change(tables: Mapping[str, pa.Table]) -> datetime | None:
    """The last moment at which anything new was seen; None without any row."""
    ends = (tables["posts"]["captured_at"], tables["engagements"]["first_seen"])
    return max((moment for column in ends if (moment := pc.max(column).as_py()) is not None), default=None)
