"""Import: files that the user already has, through the same landing as what is collected.

An import is known by what it was given: the same files with the same options are the same run, however often it was
killed or repeated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from flows.gate import MAX_FAILED_SHARE
from flows.job import Job
from flows.known import IMPORT
from flows.run_rows import facts
from flows.staged import staged_runs
from passerelle import clock as clocks
from passerelle.campaign import Mapping
from passerelle.delta import among
from passerelle.errors import GateError, UsageError, french_reason
from passerelle.wording import english, french, number
from pipelines.landing import Landing
from spiders.archives import Format, Tally, read_archives
from spiders.archives.french import in_french
from spiders.archives.shipped import shipped_mappings
from transforms.merging.versions import FATES


@dataclass(frozen=True, slots=True)
class Imported:
    """One import: its run, its manifest (as landed), and what must be told of it in English and French.

    `known`: these files were taken in before, and nothing was done; the row of `runs` that says so.
    """

    run_id: str
    manifest: dict[str, Any]
    remarks: dict[str, str]
    known: dict[str, Any] | None = None


def import_files(
    job: Job,
    paths: Sequence[Path],
    *,
    form: Format | None = None,
    mapping: str | None = None,
    captured_at: datetime | None = None,
    account: str | None = None,
    clock: datetime | None = None,
) -> Imported:
    """Land `paths`, several overlapping ones in any order, as one run in staging.

    `mapping` names one of the campaign's column mappings, or one that comes with the program; a campaign that has only
    one need not be told for files of no known format. `account` is whose files they are, where mapped rows do not say
    it. Raises UsageError for a file that cannot be read whole, GateError for files of which too much
    cannot be read: nothing is landed then.
    """
    job.may_take_in(asks=False)
    clock, pseudonyms = clock or clocks.now(), job.pseudonyms  # a lake of another key is refused whatever comes
    chosen, fallback = _mapping(job, form, mapping)
    run_id = _run_id(paths, (form, captured_at, *([account] if account else [])), chosen or fallback)
    if done := _known(job, run_id):
        return done
    tally = Tally()
    records = read_archives(
        paths,
        clock=clock,
        form=form,
        mapping=chosen,
        fallback=fallback,
        captured_at=captured_at,
        tally=tally,
        account=account,
    )
    with Landing(job.lake, run_id, IMPORT, job.campaign, pseudonyms, clock) as landing:
        landing.add_many(records)
        _refuse_unread(tally)
        return Imported(run_id, landing.finish(None), tally.remarks)


def _known(job: Job, run_id: str) -> Imported | None:
    """The same import where it landed and waits, or was committed: a second reading would only be later."""
    for run in staged_runs(job.lake):
        if run.run_id == run_id:
            return Imported(run_id, run.manifest, {})
    runs = job.lake.read("runs")
    rows = runs.filter(pc.equal(runs["run_id"], run_id)).to_pylist()
    if not rows or not _is_held(job, rows[0]):
        return None
    fates = dict.fromkeys(FATES, 0) | {"duplicate": sum(rows[0][fate] for fate in FATES)}
    return Imported(run_id, {"counters": facts(rows[0])}, {}, rows[0] | fates)


def _is_held(job: Job, row: dict[str, Any]) -> bool:
    """Whether the tables still hold what that run brought; where they lost it, it is taken in again."""
    if not row["accepted"] + row["updated"]:
        return True
    looks = job.lake.read("post_versions", columns=["run_id"], where=among("run_id", [row["run_id"]]))
    return bool(looks.num_rows)


def _run_id(paths: Sequence[Path], options: tuple[object, ...], mapping: Mapping | None) -> str:
    """A name made of what is imported: the files (names and bytes, in order) and the options."""
    total = hashlib.sha256(repr((options, mapping and mapping.model_dump_json(exclude_defaults=True))).encode())
    for path in paths:
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise UsageError(
                en=f"{path}: cannot read ({error.strerror}); check the path and its rights",
                fr=f"{path} : lecture impossible ({french_reason(error)}) ; vérifiez le chemin et les droits",
            ) from None
        total.update(f"{path.name}\0{digest}\0".encode("utf-8", "surrogateescape"))
    return f"import-{total.hexdigest()[:20]}"


def _refuse_unread(tally: Tally) -> None:
    if tally.share <= MAX_FAILED_SHARE or tally.first is None:
        return
    unread, total = max((tally.unread, tally.lines), (tally.lost, tally.posts + tally.lost), key=_share)
    first, commonest = tally.first, tally.reasons.most_common(1)[0][0]
    where, why, mostly = (in_french(text) for text in (first.where, first.reason, commonest))
    raise GateError(
        en=f"{first.source}, {first.where}: {first.reason}; {number(unread, 'en')} of {english(total, 'line')} could "
        "not be read (most often: "
        f"{commonest}), more than {MAX_FAILED_SHARE:.0%}; nothing was imported, mend the file or its mapping",
        fr=f"{first.source}, {where} : {why} ; {french(unread, 'ligne illisible')} sur "
        f"{number(total, 'fr')} (le plus souvent : {mostly}), "
        f"plus de {100 * MAX_FAILED_SHARE:.0f}\u202f% ; rien n'a été importé, corrigez le fichier ou sa correspondance",
    )


def _share(pair: tuple[int, int]) -> float:
    return pair[0] / max(1, pair[1])


def _mapping(job: Job, form: Format | None, name: str | None) -> tuple[Mapping | None, Mapping | None]:
    """The mapping for all files, and the one for those of no known format."""
    own = job.campaign.mappings
    if name is not None:
        known = own if name in own else shipped_mappings()
        if name not in known:
            listed, ours = ", ".join(own) or "-", ", ".join(known)
            raise UsageError(
                en=f"{job.campaign_file}: there is no [mappings.{name}]; there are: {listed}; with the program: {ours}",
                fr=f"{job.campaign_file} : il n'y a pas de [mappings.{name}] ; il y a : {listed} ; fournies avec le "
                f"programme : {ours}",
            )
        return known[name], None
    only = next(iter(own.values())) if len(own) == 1 else None
    return (only, None) if form == "mapped" else (None, only)
