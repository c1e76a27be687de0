"""The lake: the only module that knows where data lie.

Tables are Delta Lake (delta-rs). Every write is a MERGE by key or the overwrite of whole partitions, never an
append, so that doing it again converges to the same rows. Readers always see one whole version.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import write_deltalake

from passerelle.delta import dataset, matching, quoted, refuse_double_keys, refuse_newer, writable
from passerelle.errors import UsageError
from passerelle.files import write_whole as write_whole
from passerelle.hosts import slug
from passerelle.locking import descriptor_of, inherit, locked
from passerelle.private import kept_private, open_to_others
from passerelle.soundness import damage_told, is_written, note, open_table
from passerelle.tables import TABLES
from passerelle.weeks import week_range

_NO_URL = re.compile(r"%[0-9A-Fa-f]{2}|[\[\]\\^|]")
_PACKAGE = Path(str(files("passerelle")))
# what comes with the program: inside the package where it was installed, the repository's own in a checkout
SHIPPED = _PACKAGE / "data" if (_PACKAGE / "data").is_dir() else _PACKAGE.parent
CAMPAIGNS = SHIPPED / "campaigns"
LOCK_FILE = SHIPPED / "requirements.lock"
PENDING = ".pending.json"
"""How the journal of an erasure that goes on is called, behind the name of its block."""
BESIDE = "data"
"""Folder of an edition with the tables that go with its pages."""
MANIFEST, STATE, STATS = "manifest.json", "state.json", "stats.json"
"""What a staged run's folder holds beside its rows: what makes it count, what the next crawl needs, how it went."""


class Lake:
    """All that is kept of one campaign, under one folder.

    ``tables/`` (Delta), ``staging/<run>/``, ``aside/<run>/`` (runs that did not pass), ``vault/`` (WARC), ``state/``
    (crawl state), ``releases/`` (public editions, ``latest``, the notice to people), ``restricted/`` (the restricted
    edition of each, and ``superseded/``, releases from before today's rule), ``register/`` (the entry of article 30
    GDPR), ``blocks.json`` (keyed marks of those who objected), ``erasures/`` (what was erased when, without names),
    ``drafts/`` (what is being written), ``key_fingerprint`` (of the pseudonym key, which lies elsewhere; ``key`` in
    lakes from before). All but ``releases/`` is for the owner's eyes alone. Raises UsageError for a folder whose name
    Delta cannot take.
    """

    def __init__(self, root: Path) -> None:
        _refuse_name(root)
        self.root = root
        self.tables = root / "tables"
        self.staging = root / "staging"
        self.aside = root / "aside"
        self.vault = root / "vault"
        self.state = root / "state"
        self.releases = root / "releases"
        self.notice = self.releases / "notice"
        self.register = root / "register"
        self.restricted = root / "restricted"
        self.superseded = self.restricted / "superseded"
        self.key_file = root / "key"
        self.blocks_file = root / "blocks.json"
        self.erasures = root / "erasures"
        self.drafts = root / "drafts"

    def key_fingerprint(self) -> str | None:
        """What the lake knows of the key that its pseudonyms were made with; None before the first."""
        path = self.root / "key_fingerprint"
        return path.read_text("ascii").strip() if path.exists() else None

    def settle_key_fingerprint(self, mark: str) -> str:
        """Keep the fingerprint of the lake's key, once and for all; returns the one that is kept."""
        if (kept := self.key_fingerprint()) is not None:
            return kept
        path = self.root / "key_fingerprint"
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        write_whole(draft, f"{mark}\n".encode("ascii"))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
        return self.key_fingerprint() or mark

    def holds_pseudonyms(self) -> bool:
        """Whether anything here was written under a key."""
        return any(folder.is_dir() and any(folder.iterdir()) for folder in (self.tables, self.staging, self.state))

    def exists(self) -> bool:
        """Whether anything was ever written here."""
        return self.tables.is_dir()

    def path(self, name: str) -> Path:
        """Folder of a table. Raises KeyError for a name that is no table."""
        return self.tables / TABLES[name].name

    def version(self, name: str) -> int | None:
        """Newest version of a table; None where nothing was written yet."""
        return open_table(self.path(name)).version() if self._written(name) else None

    def versions(self) -> dict[str, int]:
        """Newest version of every table that exists: what an analysis pins."""
        return {name: open_table(self.path(name)).version() for name in TABLES if self._written(name)}

    def read(
        self,
        name: str,
        *,
        version: int | None = None,
        columns: Sequence[str] | None = None,
        where: pc.Expression | None = None,
    ) -> pa.Table:
        """Rows of a table (of its newest `version` unless told), sorted by key; empty where none was written.

        Rows from before a column was added have null there, or what the column says of them (its `before`).
        """
        table = TABLES[name]
        if not self._written(name):
            empty = table.empty()
            return empty.select(columns) if columns else empty
        wanted = list(columns) if columns else table.schema.names
        with damage_told(self.path(name)):
            rows = dataset(self.path(name), table, version).to_table(columns=list({*wanted, *table.key}), filter=where)
        order = [(column, "ascending") for column in table.key]
        rows = table.brought_up(rows).sort_by(order).select(wanted).combine_chunks()
        return rows.cast(pa.schema([table.schema.field(column) for column in wanted]))

    def posts(self, weeks: str | None = None) -> pa.Table:
        """Posts, of the ISO weeks (UTC) ``2026-W40/2026-W47`` or of all."""
        where = pc.field("iso_week").isin(list(week_range(weeks))) if weeks else None
        return self.read("posts", where=where)

    def merge(self, name: str, rows: pa.Table) -> None:
        """Insert or replace `rows` by key. Raises ValueError if a key stands twice in `rows`, PasserelleError where a
        newer version of the program wrote the table.
        """
        table = TABLES[name]
        rows = table.conform(rows)
        if rows.num_rows == 0:
            return
        refuse_double_keys(table, rows)
        delta = writable(self.path(name), table)
        held = {field.name for field in delta.schema().fields}
        refuse_newer(self.path(name), held - set(table.schema.names))
        if not set(table.key) <= held:
            self.overwrite(name, self.read(name))  # a merge needs what was added to the key since
            delta = open_table(self.path(name))
        with damage_told(self.path(name)):
            # not streamed, the least and greatest keys of `rows` tell which files need not be read
            delta.merge(
                rows,
                matching(self.path(name), table, rows),
                source_alias="new",
                target_alias="old",
                streamed_exec=False,
                merge_schema=True,  # a table written before a column was added takes it now
            ).when_matched_update_all().when_not_matched_insert_all().execute()
        note(self.path(name))

    def overwrite(self, name: str, rows: pa.Table, partitions: Sequence[str] | None = None) -> None:
        """Replace the whole table, or only those of its `partitions`, by `rows`.

        A whole table takes the columns of today with it: one written before a column was added needs no migration.
        """
        table = TABLES[name]
        rows = table.conform(rows)
        refuse_double_keys(table, rows)
        writable(self.path(name), table)
        predicate = None
        if partitions is not None and table.partition:
            if not partitions:
                return
            predicate = f"{table.partition} IN ({quoted(partitions)})"
        with damage_told(self.path(name)):
            write_deltalake(
                str(self.path(name)),
                rows,
                mode="overwrite",
                schema_mode="overwrite" if predicate is None else None,
                predicate=predicate,
                partition_by=[table.partition] if table.partition else None,
            )
        note(self.path(name))

    def dataset_hash(self, versions: Mapping[str, int]) -> str:
        """SHA-256 over the rows, sorted by key, of these table versions; how files are cut does not matter."""
        total = hashlib.sha256()
        for name in sorted(versions):
            rows = self.read(name, version=versions[name])
            total.update(name.encode())
            for batch in rows.to_batches(max_chunksize=65_536):
                # values, not buffers: an Arrow buffer may hold more than what is seen of it
                total.update(repr(batch.to_pydict()).encode("utf-8", "surrogatepass"))
        return total.hexdigest()

    def release(self, week: str) -> Path:
        """Folder of the public editions of an ISO week, one folder a revision in it."""
        year, _, number = week.partition("-")
        return self.releases / year / number

    def restricted_of(self, release: Path) -> Path:
        """Folder of the restricted edition that belongs to a public one (or to its week)."""
        return self.restricted / release.relative_to(self.releases)

    def superseded_of(self, release: Path) -> Path:
        """Where a release from before today's rule is put."""
        return self.superseded / release.relative_to(self.releases)

    def open_to_others(self) -> Iterator[Path]:
        """What others than its owner can get at, though it is no public edition."""
        return open_to_others(self.root, self.releases)

    def pending_erasures(self) -> list[Path]:
        """The journals of erasures that were cut before their end; they hold names."""
        return sorted(self.erasures.glob(f"*{PENDING}"))

    def revisions(self) -> list[Path]:
        """Public folder of every revision, or draft of one, of which an edition is there, by week."""
        public = {path.relative_to(self.releases) for path in self.releases.glob("[0-9]*/W*/*") if path.is_dir()}
        own = {path.relative_to(self.restricted) for path in self.restricted.glob("[0-9]*/W*/*") if path.is_dir()}
        return sorted(self.releases / place for place in public | own)

    def latest_release(self) -> Path | None:
        """Folder of the release that `latest` names; None where there is none, or it was erased."""
        try:
            named = self.releases / (self.releases / "latest").readlink()
        except OSError:
            return None
        return named if named.exists() else None

    def unpoint_latest(self) -> None:
        """Let `latest` name nothing."""
        (self.releases / "latest").unlink(missing_ok=True)

    def point_latest(self, release: Path) -> None:
        """Let `latest` name `release`; readers see the old or the new one, never neither."""
        draft = self.releases / "latest.new"
        draft.unlink(missing_ok=True)
        draft.symlink_to(release.relative_to(self.releases))
        draft.replace(self.releases / "latest")

    def state_file(self, source: str) -> Path:
        """Where the crawl state of a source is kept; the source's name never becomes a path as it is."""
        return self.state / f"{slug(source)}-{hashlib.sha256(source.encode()).hexdigest()[:8]}.json"

    def keep_state(self, source: str, state: bytes) -> None:
        """Make `state` the one that the next crawl of `source` starts from, unless a later one is there already."""
        path = self.state_file(source)
        if not path.exists() or _number(path.read_bytes()) < _number(state):
            write_whole(path, state)

    @contextmanager
    def lock(self, wait_seconds: float = 0) -> Iterator[None]:
        """Hold the lake as its one writer (:func:`passerelle.locking.locked`); what it writes is its owner's alone.

        Raises LockedError.
        """
        with locked(self.root, wait_seconds), kept_private(self.root, self.releases):
            yield

    def held_lock(self) -> int:
        """Descriptor of the lock that this process holds, to hand on to a child. Raises KeyError if it holds none."""
        return descriptor_of(self.root)

    def inherit_lock(self, descriptor: int) -> None:
        """Hold the lock that a parent handed on: it stays taken until both have ended. Raises LockedError."""
        inherit(self.root, descriptor)

    def _written(self, name: str) -> bool:
        return is_written(self.path(name))


def lake_under(folder: Path, name: str) -> Lake:
    """The lake of the campaign `name`, which need not be there yet. Raises UsageError for a file in its way."""
    root = folder / name
    for place in (root, *root.parents):
        if place.exists():
            if not place.is_dir():
                raise UsageError(
                    en=f"{place}: this is a file; name a folder for the lake (--lake, or lake in the campaign file)",
                    fr=f"{place} : c'est un fichier ; nommez un dossier pour le lac (--lake, ou lake dans la campagne)",
                )
            break
    return Lake(root)


def open_lake(path: str | Path) -> Lake:
    """Open an existing lake for reading. Raises UsageError where there is none."""
    lake = Lake(Path(path))
    if not lake.exists():
        raise UsageError(
            en=f"{path}: there is no lake here; `passerelle weekly` or `passerelle import` makes one",
            fr=f"{path} : il n'y a pas de lac ici ; `passerelle weekly` ou `passerelle import` en crée un",
        )
    return lake


def _refuse_name(root: Path) -> None:
    """Delta takes the folder's name for a URL: it looks elsewhere, or panics."""
    if found := _NO_URL.search(str(root.absolute())):
        raise UsageError(
            en=f"{root}: a lake's folder cannot have {found[0]} in its path; choose another place (--lake)",
            fr=f"{root} : le chemin d'un lac ne peut pas contenir {found[0]} ; choisissez un autre dossier (--lake)",
        )


def _number(state: bytes) -> int:
    """How many crawls led to a crawl state; -1 for one that cannot be read."""
    try:
        return int(orjson.loads(state).get("number", 0))
    except (ValueError, TypeError, AttributeError):
        return -1
