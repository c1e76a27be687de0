"""What Prefect keeps beside the lake: results, and the database of the short-lived server with its logs."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

from passerelle.errors import LockedError, PasserelleError
from passerelle.scanning import Needles, is_database, scan_for

MASK, PATIENCE = "…", 30.0
"""What stands in the place of somebody; how long a busy database is waited for (seconds)."""
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def prefect_home() -> Path:
    """Where Prefect keeps its things on this machine."""
    return Path(os.environ.get("PREFECT_HOME") or Path.home() / ".prefect")


def erase_results(home: Path, needles: Needles) -> int:
    """Take them out of Prefect's files. Returns how many files told of them. Raises LockedError for a busy database."""
    if not home.is_dir():
        return 0
    told = [Path(path) for path in scan_for([home], needles).matched]
    databases = {_database_of(path) for path in told if is_database(path)}
    for path in databases:
        _clean(path, needles)
    for path in told:
        if path.exists() and not is_database(path):
            path.unlink()  # a result, which is computed again; a log
    return len(told)


def _database_of(path: Path) -> Path:
    """The database that a file is, or is the journal of."""
    name = path.name
    for end in ("-wal", "-shm", "-journal"):
        name = name.removesuffix(end)
    return path.with_name(name)


def _clean(path: Path, needles: Needles) -> None:
    """Mask them in every cell, then write the database anew: pages that were given free still hold what was there."""
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE)) as base:
            base.create_function("masked", 1, lambda value: _masked(value, needles))
            base.create_function(
                "gen_random_uuid", 0, lambda: str(uuid4())
            )  # a default of Prefect's, never needed here
            names = base.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            for (table,) in names.fetchall():
                for column in base.execute(f'PRAGMA table_info("{table}")').fetchall():
                    _clean_column(base, table, column[1])
            base.commit()
            base.execute("VACUUM")
            base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) in _BUSY:
            raise LockedError(
                en=f"{path}: Prefect's database is in use; stop its server, then run the same command again",
                fr=f"{path} : la base de Prefect est utilisée ; arrêtez son serveur, puis relancez la commande",
            ) from None
        raise PasserelleError(
            en=f"{path}: somebody is still told of in it, since it cannot be rewritten ({error}); remove it once its "
            "server is stopped, then run the same command again",
            fr=f"{path} : il y est encore question de quelqu'un, faute de pouvoir la réécrire ({error}) ; supprimez-la "
            "une fois son serveur arrêté, puis relancez la commande",
        ) from None


def _clean_column(base: sqlite3.Connection, table: str, column: str) -> None:
    where = f'typeof("{column}") IN (\'text\', \'blob\') AND "{column}" IS NOT masked("{column}")'
    base.execute(f'UPDATE OR REPLACE "{table}" SET "{column}" = masked("{column}") WHERE {where}')


def _masked(value: str | bytes | None, needles: Needles) -> str | bytes | None:
    if isinstance(value, str):
        return needles.masked(value.encode("utf-8", "surrogatepass"), MASK.encode()).decode("utf-8", "surrogatepass")
    return needles.masked(value, MASK.encode()) if isinstance(value, bytes) else value
