"""Human coding beside the classifier's: it takes the place of it, and says how well the two agree."""

from __future__ import annotations

import pyarrow as pa

from passerelle.allowed import LABELS as POSSIBLE
from passerelle.tables import LABELS


def override(machine: pa.Table, human: pa.Table) -> pa.Table:
    """`machine` with the rows of `human` in place of its own.

    People code a post as `thanks_outcome` without saying which kind. `outcome` is then the classifier's, if it gave the
    same label, else null.
    """
    coded = set(human["post_id"].to_pylist())
    kept = machine.filter(pa.array([post not in coded for post in machine["post_id"].to_pylist()], pa.bool_()))
    return pa.concat_tables([kept, _with_outcome(human, machine)])


def _with_outcome(human: pa.Table, machine: pa.Table) -> pa.Table:
    told = dict(zip(machine["post_id"].to_pylist(), machine["outcome"].to_pylist(), strict=True))
    rows = human.to_pylist()
    for row in rows:
        row["outcome"] = told.get(row["post_id"]) if row["label"] == "thanks_outcome" else None
    return pa.Table.from_pylist(rows, schema=LABELS.schema)


def agreement(machine: pa.Table, human: pa.Table) -> dict[str, float | int | None]:
    """Share of posts coded by both on which they agree, and Cohen's kappa."""
    by_machine = dict(zip(machine["post_id"].to_pylist(), machine["label"].to_pylist(), strict=True))
    coded = zip(human["post_id"].to_pylist(), human["label"].to_pylist(), strict=True)
    pairs = [(by_machine[post], label) for post, label in coded if post in by_machine]
    if not pairs:
        return {"n": 0, "share": None, "kappa": None}
    share = sum(a == b for a, b in pairs) / len(pairs)
    machine_counts, human_counts = ([p[side] for p in pairs] for side in (0, 1))
    chance = sum(machine_counts.count(n) * human_counts.count(n) for n in POSSIBLE) / len(pairs) ** 2
    return {"n": len(pairs), "share": share, "kappa": None if chance == 1 else (share - chance) / (1 - chance)}
