"""Do the tables that must agree do so? Asked when a lake is opened for writing, and by `doctor`."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from flows.staged import staged_runs
from passerelle.errors import DamagedError
from passerelle.lake import Lake
from passerelle.wording import english, french
from transforms.merging.keys import without_keys

POST = ["platform", "post_id"]


def refuse_disagreement(lake: Lake) -> None:
    """Raise DamagedError where tables disagree, unless that is what a killed clean leaves behind."""
    for disagreement in disagreements(lake):
        raise disagreement


def disagreements(lake: Lake) -> Iterator[DamagedError]:
    """Posts without a look, looks without their post, looks of runs that `runs` does not know.

    What a run that waits in staging has brought is no disagreement: its clean was killed, and will be finished.
    """
    waiting = pa.array([run.run_id for run in staged_runs(lake)], pa.string())
    looks = lake.read("post_versions", columns=[*POST, "run_id"])
    posts = lake.read("posts", columns=POST)
    settled = looks.filter(pc.invert(pc.is_in(looks["run_id"], value_set=waiting)))
    if lost := without_keys(posts, looks, POST).num_rows:
        yield _lacks(lake, "post_versions", english(lost, "post"), french(lost, "publication"), "posts")
    if lost := without_keys(_once(settled.select(POST)), posts, POST).num_rows:
        yield _lacks(lake, "posts", english(lost, "post"), french(lost, "publication"), "post_versions")
    known = lake.read("runs", columns=["run_id"])
    if lost := without_keys(_once(settled.select(["run_id"])), known, ["run_id"]).num_rows:
        yield _lacks(lake, "runs", english(lost, "run"), french(lost, "collecte"), "post_versions")


def _once(rows: pa.Table) -> pa.Table:
    return rows.group_by(rows.column_names, use_threads=False).aggregate([])


def _lacks(lake: Lake, name: str, en: str, fr: str, other: str) -> DamagedError:
    return DamagedError(
        en=f"{lake.path(name)}: lacks {en} that {other} has; `passerelle clean --rebuild` goes by what post_versions "
        "has, then import or replay again what is missing",
        fr=f"{lake.path(name)} : il y manque {fr} que contient {other} ; `passerelle clean --rebuild` s'en tient à "
        "post_versions, ensuite importez ou rejouez ce qui manque",
    )
