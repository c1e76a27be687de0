"""A folder of runs: which there are, reading one, starting or restarting one."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from passerelle.errors import LockedError, UsageError
from passerelle.vault.model import Attempt, RunInfo
from passerelle.vault.reading import Entry, RecordedRun, Scan, first_entry, load, recorded_run, scan
from passerelle.vault.writing import END, RunWriter, is_alive

FAILED = "failed"
"""How a run ended that left nothing: a replay passes it by."""
_NAME = re.compile(r"(?P<run>[A-Za-z0-9._-]+?)(\.part(?P<part>\d+))?\.warc\.gz")


class Vault:
    """The runs kept in one folder. Files are scanned once and remembered."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._scans: dict[Path, Scan] = {}
        self._payloads: dict[str, Entry] = {}

    def runs(self) -> list[RunInfo]:
        """Every run, by its clock. Raises UsageError for a file that is no run's."""
        infos = {path: self._info(path) for path in self._files() if _part(path) == 1}
        return sorted(infos.values(), key=lambda info: (info.clock, info.run_id))

    def read(self, info: RunInfo) -> RecordedRun:
        """All sound records of a run, of all its parts. Damage at a part's end is no error: the run was cut there."""
        return recorded_run(info, [self._scan(path) for path in self._parts(info.run_id)], END)

    def read_whole(self, info: RunInfo) -> RecordedRun:
        """A run that came to its end. Raises UsageError, with file and record, for one that is cut or altered."""
        parts = self._parts(info.run_id)
        last = self._scan(parts[-1])
        run = self.read(info)
        if last.damage or run.ended is None:
            raise _cut(last)
        said, held = _records_said(last), len(last.entries) - 1
        if said != held:
            raise _cut(last)
        return run

    def cut_runs(self, source: str) -> list[RunInfo]:
        """The runs of `source` that were cut before their end, by clock. Raises LockedError if one is still alive."""
        cut = [info for info in self._sound_runs() if info.source == source and self.read(info).ended is None]
        for info in cut:
            if is_alive(self._parts(info.run_id)[-1]):
                raise LockedError(
                    en=f"{self.folder}: run {info.run_id} is still being collected; try again when it has ended",
                    fr=f"{self.folder} : la collecte {info.run_id} est en cours ; réessayez quand elle sera finie",
                )
        return cut

    def give_up(self, info: RunInfo, at: datetime) -> None:
        """End a run that was cut and is not taken up again, as one that failed."""
        self.writer(info).end(FAILED, at)
        for path in self._parts(info.run_id):
            self._scans.pop(path, None)

    def holds(self, run_id: str) -> bool:
        """Whether there is a run of this name with anything sound in it."""
        return any(info.run_id == run_id for info in self._sound_runs())

    def scans(self, info: RunInfo) -> list[Scan]:
        """The sound records of each part of a run, in order."""
        return [self._scan(path) for path in self._parts(info.run_id)]

    def load(self, entry: Entry) -> Attempt:
        """The attempt at `entry`. Raises UsageError when it refers to a record that the vault no longer has."""
        if entry.kind == "revisit" and entry.digest not in self._payloads:
            self._scan_all()
        try:
            return load(entry, self._payloads)
        except KeyError:
            raise UsageError(
                en=f"{entry.path}, record {entry.number}: the answer it refers to is in no file of {self.folder};"
                " put the missing file back",
                fr=f"{entry.path}, enregistrement {entry.number} : la réponse à laquelle il renvoie n'est dans aucun"
                f" fichier de {self.folder} ; remettez le fichier manquant",
            ) from None

    def writer(self, info: RunInfo) -> RunWriter:
        """A new file for `info`: the run's first, or its next part when it was cut."""
        self._scan_all()
        part = max((_part(path) for path in self._parts(info.run_id)), default=0) + 1
        suffix = "" if part == 1 else f".part{part}"
        return RunWriter(self.folder / f"{info.run_id}{suffix}.warc.gz", info, part, self._payloads)

    def _sound_runs(self) -> list[RunInfo]:
        """Like `runs`, but passing over a file that was cut before its first record was whole: it holds nothing."""
        firsts = {path: first_entry(path) for path in self._files() if _part(path) == 1}
        infos = [self._info(path) for path, first in firsts.items() if first is not None]
        return sorted(infos, key=lambda info: (info.clock, info.run_id))

    def _files(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("*.warc.gz") if _NAME.fullmatch(path.name))

    def _parts(self, run_id: str) -> list[Path]:
        mine = [path for path in self._files() if _run_of(path) == run_id]
        return sorted(mine, key=_part)

    def _info(self, path: Path) -> RunInfo:
        entry = first_entry(path)
        try:
            if entry is None or entry.kind != "warcinfo":
                raise ValueError(path.name)
            return RunInfo.parse(entry.fields)
        except (KeyError, ValueError):
            raise _cut(Scan(path)) from None

    def _scan(self, path: Path) -> Scan:
        if path not in self._scans:
            found = self._scans[path] = scan(path)
            for entry in found.entries:
                if entry.kind == "response":
                    self._payloads.setdefault(entry.digest, entry)
        return self._scans[path]

    def _scan_all(self) -> None:
        for path in self._files():
            self._scan(path)


def _part(path: Path) -> int:
    match = _NAME.fullmatch(path.name)
    return int(match["part"] or 1) if match else 1


def _run_of(path: Path) -> str:
    match = _NAME.fullmatch(path.name)
    return match["run"] if match else ""


def _records_said(found: Scan) -> int:
    return int(found.entries[-1].fields.get("records", -1))


def _cut(found: Scan) -> UsageError:
    number = len(found.entries) + 1
    return UsageError(
        en=f"{found.path}: the archive is cut or damaged at record {number}; copy it again from where it is whole",
        fr=f"{found.path} : archive coupée ou abîmée à l'enregistrement {number} ; recopiez-la depuis un original"
        " intact",
    )
