"""A lake in folders as people name them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from passerelle.errors import UsageError
from passerelle.lake import Lake
from passerelle.stepping_back import step_back
from passerelle.tables import HANDLES, INTERACTIONS

NAMES = ["Mes documents", "été", "100 %", "n°1 #a", "quoi ?", "l'été & l'hiver = 1+1", "日本", 'a "b" {c}', "~a;b:c*"]


def handle(number: int) -> pa.Table:
    row = {"handle_id": f"h{number}", "account_id": "a", "platform": "mastodon"}
    return pa.Table.from_pylist([row], schema=HANDLES.schema)


@pytest.mark.parametrize("name", NAMES)
def test_a_lake_is_written_read_and_stepped_back_in_any_folder(tmp_path: Path, name: str) -> None:
    lake = Lake(tmp_path / name / "lake")
    lake.merge("handles", handle(1))
    lake.merge("handles", handle(2))
    assert lake.read("handles").column("handle_id").to_pylist() == ["h1", "h2"]
    assert lake.read("handles", version=1).num_rows == 1
    assert [path.name for path in tmp_path.iterdir()] == [name]
    (log := lake.path("handles") / "_delta_log" / f"{2:020}.json").write_bytes(b"")
    assert log.exists()
    step_back(lake, "handles")
    assert lake.read("handles").num_rows == 1
    assert lake.read(INTERACTIONS.name).num_rows == 0


@pytest.mark.parametrize("name", ["a%20b", "[a]", "a^b", "a|b", "a\\b"])
def test_a_folder_that_delta_would_look_for_elsewhere_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="choose another place") as told:
        Lake(tmp_path / name)
    assert name in told.value.fr
    assert "\n" not in told.value.en
