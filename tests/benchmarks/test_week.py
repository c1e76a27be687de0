"""The race over one week is between two programs that do the same work, and notices when they do not."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from benchmarks.bench_week import compare, ours, theirs, write_week


@pytest.fixture(scope="module")
def raced(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A small week that both programs have analysed."""
    folder = str(tmp_path_factory.mktemp("week"))
    write_week(folder, 4_000, episodes=20)
    assert min(ours(folder), theirs(folder)) > 0
    return folder


def test_both_programs_agree_on_every_pair(raced: str) -> None:
    num_pairs = compare(raced)
    classes = set(pd.read_parquet(f"{raced}/pairs_ours.parquet")["tie_class"])
    assert num_pairs > 1000
    assert {"strong", "weak", "new"} <= classes


def test_one_pair_that_differs_is_noticed(raced: str) -> None:
    path = Path(raced) / "pairs_theirs.parquet"
    pairs = pd.read_parquet(path)
    pairs.iloc[7, pairs.columns.get_loc("num_days")] += 1
    pairs.to_parquet(path)
    with pytest.raises(AssertionError):
        compare(raced)
