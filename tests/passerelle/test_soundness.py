"""A damaged table is one line and a way out, whatever was damaged; nothing is silently less than it was."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable

from passerelle.errors import DamagedError, UsageError
from passerelle.lake import Lake
from passerelle.soundness import LEDGER, damage_told
from passerelle.stepping_back import damage, renew_ledger, step_back
from tests.passerelle.test_lake import posts

Harm = Callable[[Path], object]


def last(table: Path) -> Path:
    return sorted((table / "_delta_log").glob("*.json"))[-1]


def first_file(table: Path) -> Path:
    return Path(DeltaTable(str(table)).file_uris()[0].removeprefix("file://"))


def cut(path: Path, size: int) -> None:
    path.write_bytes(path.read_bytes()[:size])


def spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4:300] = b"\x07" * 296
    path.write_bytes(bytes(content))


HARMS: dict[str, Harm] = {
    "the last commit is emptied": lambda table: cut(last(table), 0),
    "the last commit is cut": lambda table: cut(last(table), 150),
    "the last commit is another thing": lambda table: last(table).write_text("[]"),
    "the last commit lost a line": lambda table: last(table).write_text(last(table).read_text().partition("\n")[0]),
    "the last commit is gone": lambda table: last(table).unlink(),
    "the first commit is gone": lambda table: sorted((table / "_delta_log").glob("*.json"))[0].unlink(),
    "the log is gone": lambda table: shutil.rmtree(table / "_delta_log"),
    "the log is empty": lambda table: [path.unlink() for path in (table / "_delta_log").iterdir()],
    "the table is gone": shutil.rmtree,
    "a file is gone": lambda table: first_file(table).unlink(),
    "a file is cut": lambda table: cut(first_file(table), 100),
    "a file is empty": lambda table: cut(first_file(table), 0),
    "a file is spoilt": lambda table: spoil(first_file(table)),
}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Three versions of posts: made, two rows, a third one in another week."""
    lake = Lake(tmp_path / "lake")
    lake.merge("posts", posts(("p1", "2026-W01", "un"), ("p2", "2026-W01", "deux")))
    lake.merge("posts", posts(("p3", "2026-W02", "trois")))
    return lake


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_damage_is_refused_in_one_line_with_a_way_out(
    lake: Lake, harm: Harm, capfd: pytest.CaptureFixture[str]
) -> None:
    harm(lake.path("posts"))
    for act in (lambda: lake.read("posts"), lambda: lake.merge("posts", posts(("p1", "2026-W01", "UN")))):
        with pytest.raises(DamagedError) as refused:
            act()
        assert "passerelle clean --rebuild" in refused.value.en
        assert len(refused.value.en.splitlines()) == len(refused.value.fr.splitlines()) == 1
    assert damage(lake, "posts") is not None
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_a_damaged_table_goes_back_to_its_last_whole_version(lake: Lake, harm: Harm) -> None:
    harm(lake.path("posts"))
    is_gone = not lake.path("posts").exists()
    version, rows = step_back(lake, "posts")
    assert damage(lake, "posts") is None
    assert lake.version("posts") == version
    assert lake.read("posts").num_rows == rows < 3
    assert is_gone or list((lake.aside / "tables").iterdir())
    lake.merge("posts", posts(("p1", "2026-W01", "un"), ("p2", "2026-W01", "deux"), ("p3", "2026-W02", "trois")))
    assert lake.read("posts")["post_id"].to_pylist() == ["p1", "p2", "p3"]


def test_what_is_whole_is_never_given_up(lake: Lake) -> None:
    with pytest.raises(UsageError, match="is whole"):
        step_back(lake, "posts")
    with pytest.raises(UsageError, match="no table"):
        step_back(lake, "../posts")
    assert lake.read("posts").num_rows == 3


def test_a_write_that_was_killed_before_it_was_noted_is_no_damage(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("passerelle.lake.note", lambda path: None)
        lake.merge("posts", posts(("p4", "2026-W02", "quatre")))
    assert lake.read("posts").num_rows == 4
    cut(last(lake.path("posts")), 0)
    with pytest.raises(DamagedError, match="is empty"):
        lake.read("posts")


def test_a_ledger_that_cannot_be_read_is_said_and_written_anew(lake: Lake) -> None:
    (lake.root / "tables" / LEDGER).write_text("{")
    with pytest.raises(DamagedError, match="--rebuild"):
        lake.read("posts")
    renew_ledger(lake)
    assert lake.read("posts").num_rows == 3


def test_a_lake_from_before_there_was_a_ledger_is_read_and_written(lake: Lake) -> None:
    (lake.root / "tables" / LEDGER).unlink()
    assert lake.read("posts").num_rows == 3
    lake.merge("posts", posts(("p4", "2026-W02", "quatre")))
    assert lake.read("posts").num_rows == 4


def test_what_a_library_says_of_damage_is_marked_as_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(DamagedError) as raised, damage_told(tmp_path / "posts"):
        raise pa.ArrowInvalid("Parquet magic bytes not found in footer")
    assert "cannot be read (the library says: Parquet magic bytes not found in footer);" in raised.value.en
    assert "illisible (la bibliothèque dit : « Parquet magic bytes not found in footer ») ;" in raised.value.fr
