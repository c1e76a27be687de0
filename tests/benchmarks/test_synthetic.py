"""The benchmarks' campaign has the shape it claims, whatever its size."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from benchmarks.synthetic import MONDAY, WINDOW, synthetic
from passerelle.tables import EPISODES, INTERACTIONS


def test_interactions_look_like_talk() -> None:
    made = synthetic(20_000, num_episodes=50)
    table = made.interactions
    assert table.schema == INTERACTIONS.schema
    assert made.episodes.schema == EPISODES.schema
    assert table.num_rows == 20_000
    assert not pc.any(pc.equal(table["source_id"], table["target_id"])).as_py()
    assert pc.min(table["time"]).as_py() >= MONDAY - WINDOW
    assert set(pc.unique(made.episodes["iso_week"]).to_pylist()) == {"2026-W23"}
    dyads = table.group_by(["source_id", "target_id"]).aggregate([([], "count_all")])["count_all"].to_numpy()
    assert np.mean(dyads) > 2
    assert np.max(dyads) > 5 * np.mean(dyads)


def test_half_of_the_pairs_asked_for_have_a_tie() -> None:
    made = synthetic(50_000, num_episodes=50)
    callers = dict(zip(*(made.episodes[name].to_pylist() for name in ("episode_id", "beneficiary_id")), strict=True))
    rows = zip(*(made.interactions[name].to_pylist() for name in ("source_id", "target_id")), strict=True)
    pairs = set(rows)
    asked = list(zip(made.actors.to_pylist(), made.episode_ids.to_pylist(), strict=True))
    tied = [(actor, callers[episode]) in pairs for actor, episode in asked]
    assert len(asked) == 500
    assert 0.2 < sum(tied) / len(tied) < 0.8


def test_the_same_seed_gives_the_same_tables() -> None:
    assert synthetic(3000).interactions.equals(synthetic(3000).interactions)
    assert not synthetic(3000).interactions.equals(synthetic(3000, seed=1).interactions)
