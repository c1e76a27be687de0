"""What Prefect keeps is rid of somebody: its own database, as its own migrations make it, and results beside it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from flows.erasing.results import erase_results
from passerelle.errors import LockedError, PasserelleError
from passerelle.scanning import Needles, scan_for

WHO = Needles({"lea_martin@pont.example"}, {"a" + "3f" * 12})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database that Prefect made."""
    home = tmp_path_factory.mktemp("prefect")
    environment = os.environ | {"PREFECT_HOME": str(home), "DO_NOT_TRACK": "1"}
    words = [sys.executable, "-m", "prefect", "server", "database", "upgrade", "-y"]
    subprocess.run(words, env=environment, capture_output=True, check=True, timeout=180)
    return (home / "prefect.db").read_bytes()


@pytest.fixture
def home(tmp_path: Path, made: bytes) -> Path:
    """With a log that names them, another that does not, and a result."""
    (tmp_path / "prefect.db").write_bytes(made)
    with closing(sqlite3.connect(tmp_path / "prefect.db")) as base:
        for number, message in enumerate(("asked lea_martin@pont.example for more", "asked tom@pont.example")):
            base.execute(
                "INSERT INTO log (id, name, level, message, timestamp) VALUES (?, 'flow', 20, ?, '2026-01-01')",
                (f"{number:036d}", message),
            )
        base.commit()
    (tmp_path / "storage").mkdir()
    (tmp_path / "storage" / "result").write_text('{"account": "a3f3f3f3f3f3f3f3f3f3f3f3f"}')
    (tmp_path / "storage" / "other").write_text("{}")
    return tmp_path


def test_they_are_gone_from_prefects_own_database_and_nothing_else_is(home: Path) -> None:
    assert scan_for([home], WHO).bytes_matched > 0
    assert erase_results(home, WHO) == 2
    assert scan_for([home], WHO).bytes_matched == 0
    with closing(sqlite3.connect(home / "prefect.db")) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        told = [message for (message,) in base.execute("SELECT message FROM log ORDER BY id")]
    assert told == ["asked … for more", "asked tom@pont.example"]
    assert [path.name for path in (home / "storage").iterdir()] == ["other"]
    assert erase_results(home, WHO) == 0


def test_a_database_that_a_server_holds_is_told_from_one_that_cannot_be_rewritten(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.erasing.results.PATIENCE", 0.1)
    with closing(sqlite3.connect(home / "prefect.db")) as held:
        held.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LockedError, match="stop its server"):
            erase_results(home, WHO)
    with closing(sqlite3.connect(home / "prefect.db")) as base:
        base.execute("CREATE TRIGGER odd BEFORE UPDATE ON log BEGIN SELECT nobodys_function(); END")
        base.commit()
    with pytest.raises(PasserelleError, match="somebody is still told of in it"):
        erase_results(home, WHO)
