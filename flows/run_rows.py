"""The row of `runs` that tells what became of one run: what the console says, too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
import pyarrow as pa

from flows.inspection import POST_CLASSES, counts_of_posts
from flows.staged import StagedRun
from transforms.merging.versions import FATES

REASONS = ("refused", "quarantined", "left_out", "histories_not_asked")


def run_row(run: StagedRun, counts: Mapping[str, int], set_aside: Mapping[str, int]) -> dict[str, Any]:
    """The row of `run`, whose posts came to `counts` and of which `set_aside` stands in quarantine, by reason.

    What was set aside without being a post (an account, a repost) counts as fetched, and so does what is too malformed
    to tell.
    """
    told, posts = run.manifest["counters"], counts_of_posts(run)
    quarantined = sum(set_aside.values())
    others = quarantined - posts["quarantined"] - counts["quarantined"]
    reasons = {
        "refused": _refused_by(told["by_class"]),
        "quarantined": dict(sorted(set_aside.items())),
        "left_out": told.get("left_out", {}),
        "histories_not_asked": told.get("histories_not_asked", {}),
    }
    return {
        "run_id": run.run_id,
        "source": run.source,
        "started_at": run.clock,
        "finished_at": datetime.fromisoformat(run.manifest.get("finished_at") or run.manifest["clock"]),
        "status": run.manifest["status"],
        "campaign_hash": run.manifest["campaign_hash"],
        "fetched": posts["fetched"] + others,
        **{fate: counts[fate] for fate in FATES},
        "quarantined": quarantined,
        "refused": posts["refused"],
        "deletions": told["by_class"].get("deletion", {}).get("landed", 0),
        "reasons": orjson.dumps(reasons).decode(),
        "checks": 0,
        "failed_checks": 0,
        "cursors": orjson.dumps(_positions(run.state())).decode(),
    }


def reasons_by_run(rejected: pa.Table) -> dict[str, Counter[str]]:
    """How many rows of `quarantine` each run has, by reason."""
    found: dict[str, Counter[str]] = {}
    for run_id, reason in zip(rejected["run_id"].to_pylist(), rejected["reason"].to_pylist(), strict=True):
        found.setdefault(run_id, Counter())[reason] += 1
    return found


def facts(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `runs` for JSON: its counters, and the reasons as numbers by name."""
    told = orjson.loads(row["reasons"])
    counters = {name: row[name] for name in ("fetched", *FATES, "quarantined", "refused")}
    counters["deletions"] = row.get("deletions") or 0
    return {"status": row["status"], **counters, "reasons": {name: told.get(name, {}) for name in REASONS}}


def _refused_by(by_class: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    reasons: Counter[str] = Counter()
    for name in POST_CLASSES:
        reasons.update(by_class.get(name, {}).get("refused_by", {}))
    return dict(sorted(reasons.items()))


def _positions(state: bytes | None) -> dict[str, Any]:
    """How far each list was read, and in how many pieces it is missing; no address, which would name a post."""
    cursors = orjson.loads(state or b"{}").get("cursors", {})
    return {
        name: {"since": cursor.get("since"), "until": cursor.get("until"), "holes": len(cursor.get("holes", ()))}
        for name, cursor in cursors.items()
    }
