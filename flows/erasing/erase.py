"""Erase: one person out of every store, in an order that a kill at any point leaves to be done again.

First the blocks, so that nothing comes back meanwhile; then what holds names in clear, then the tables, then what was
made of them. Each store is as before or as after. A journal, for its owner's eyes only, knows what is to be done until
all is done, and the search over every byte has found nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from flows.erasing.control import forms_found
from flows.erasing.gathered import waiting_folders
from flows.erasing.person import Person, candidates, complete, find_person, handles_meant
from flows.erasing.releases import Reissued, affected, reissue
from flows.erasing.results import erase_results, prefect_home
from flows.erasing.state import erase_states
from flows.erasing.tables import count_rows, erase_tables
from flows.erasing.vault import erase_vault, learn_words
from flows.erasing.waiting import erase_waiting
from flows.job import Job
from passerelle import clock
from passerelle.blocks import Cause, read_blocks, write_blocks
from passerelle.errors import PasserelleError, UsageError
from passerelle.files import write_whole
from passerelle.lake import PENDING
from passerelle.scanning import Needles, Scanned, scan_for
from spiders.collecting.masking import is_distinct


@dataclass(slots=True)
class Erased:
    """What one erasure did, or would do: rows by table, runs of the vault, states, runs that wait, weeks, results.

    `name` is what the block is called: it names nobody. `scanned` is the search afterwards (None: nothing was changed),
    `control` in how many forms of file what was looked for had been planted and found, and of how many.
    """

    name: str
    accounts: int
    rows: dict[str, int] = field(default_factory=dict)
    vault_runs: int = 0
    states: int = 0
    waiting: int = 0
    reissued: list[Reissued] = field(default_factory=list)
    results: int = 0
    control: tuple[int, int] = (0, 0)
    scanned: Scanned | None = None


def erase(job: Job, name: str, *, cause: Cause = "erased") -> Erased:
    """Erase whom `name` means. The caller holds the lake's lock.

    Raises UsageError where nobody is known by it, or several people are; PasserelleError where something of them is
    still found afterwards.
    """
    shutil.rmtree(job.lake.drafts, ignore_errors=True)
    person = _pending(job, name) or find_person(job, name) or _erased_before(job, name)
    if person is None:
        raise unknown(name)
    return _erase(job, person, name, cause)


def would_erase(job: Job, name: str) -> Erased:
    """What erasing whom `name` means would change; nothing is written. Raises UsageError as `erase` does."""
    person = _pending(job, name) or find_person(job, name)
    if person is None:
        raise unknown(name)
    _know(job, person, name)
    forgetting = learn_words(job, person)
    needles = needles_of(person)
    blocks = read_blocks(job.lake.blocks_file, job.pseudonyms.key)
    return Erased(
        name=blocks.mark(min(person.account_ids))[:12],
        accounts=len(person.account_ids),
        rows=count_rows(job.lake, person),
        vault_runs=len(forgetting.runs),
        states=sum(1 for path in _files(job.lake.state) if scan_for([path], needles).bytes_matched),
        waiting=sum(1 for path in waiting_folders(job.lake) if scan_for([path], needles).bytes_matched),
        reissued=[
            Reissued(f"{week.parent.name}-{week.name}", None, tuple(folder.name for folder in old))
            for week, old in affected(job.lake, needles).items()
        ],
        results=len(scan_for([prefect_home()], needles).matched) if prefect_home().is_dir() else 0,
    )


def needles_of(person: Person) -> Needles:
    """What is looked for when somebody is searched."""
    return Needles(person.words, person.pseudonyms)


def unknown(name: str) -> UsageError:
    """Nobody is known by a name."""
    return UsageError(
        en=f"'{name}': nobody is known by that name here; give @user@host, a handle, a profile's address, a DID or a "
        "pseudonym; `passerelle optout add` keeps out whoever may still come",
        fr=f"« {name} » : personne n'est connu ici sous ce nom ; donnez @nom@hôte, un identifiant, l'adresse d'un "
        "profil, un DID ou un pseudonyme ; `passerelle optout add` écarte qui pourrait encore venir",
    )


def _erase(job: Job, person: Person, name: str, cause: Cause) -> Erased:
    lake, pseudonyms = job.lake, job.pseudonyms
    _know(job, person, name)
    forgetting = learn_words(job, person)
    complete(job, person)
    blocks = read_blocks(lake.blocks_file, pseudonyms.key)
    done = Erased(blocks.mark(min(person.account_ids))[:12], len(person.account_ids))
    needles = needles_of(person)
    done.control = _proved(lake.drafts / "control", needles)
    journal = lake.erasures / f"{done.name}{PENDING}"
    _keep_journal(journal, person)
    write_blocks(lake.blocks_file, blocks.adding(_in_order(person), clock.now(), cause))
    done.vault_runs = erase_vault(job, forgetting)
    done.states = erase_states(lake, person, pseudonyms)
    done.waiting = erase_waiting(lake, person, needles, pseudonyms)
    done.rows = erase_tables(lake, person, needles)
    done.reissued = reissue(job, needles)
    done.results = erase_results(prefect_home(), needles)
    shutil.rmtree(lake.drafts, ignore_errors=True)
    done.scanned = _search(job, needles, journal)
    _tell(job, done)
    journal.unlink()
    return done


def _proved(folder: Path, needles: Needles) -> tuple[int, int]:
    found, forms = forms_found(folder, needles)
    if found < forms:
        raise PasserelleError(
            en=f"the search found what was planted in {found} of {forms} forms of file only; nothing was erased yet, "
            "please report this",
            fr=f"la recherche n'a retrouvé le témoin planté que dans {found} formes de fichier sur {forms} ; rien n'a "
            "encore été effacé, merci de le signaler",
        )
    return found, forms


def _know(job: Job, person: Person, name: str) -> None:
    """What the name itself tells, where it is not a pseudonym."""
    for identity in candidates_in_clear(job, name):
        if job.pseudonyms.account(identity) in person.account_ids:
            person.identities.add(identity)
    if not name.startswith(("a", "h")) or len(name) != 25:
        bare = name.strip().lstrip("@")
        person.words |= {bare} if "@" in bare or "." in bare or ":" in bare or is_distinct(bare) else set()


def candidates_in_clear(job: Job, name: str) -> Iterator[str]:
    """Identities that a name may stand for."""
    from flows.account_finder import platforms_of
    from flows.erasing.person import spellings

    for one in spellings(name):
        bare = one.removeprefix("@").removeprefix("acct:")
        yield from (one, f"acct:{bare.lower()}", *(f"{platform}:{bare}" for platform in platforms_of(job.campaign)))


def _in_order(person: Person) -> list[str]:
    """Their pseudonyms, the one first by which the block is called."""
    return [*sorted(person.account_ids), *sorted(person.pseudonyms - person.account_ids)]


def _erased_before(job: Job, name: str) -> Person | None:
    """Whom `name` meant, where they were erased already: doing it again finds nothing, and says so."""
    blocks = read_blocks(job.lake.blocks_file, job.pseudonyms.key)
    meant = {one for one in candidates(job, name) if (block := blocks.by_mark(blocks.mark(one))) and block.is_erased}
    return Person(meant) if meant else None


def _pending(job: Job, name: str) -> Person | None:
    """Whom an erasure that was cut was about, where `name` means them."""
    meant = candidates(job, name) | handles_meant(job, name)
    for path in job.lake.pending_erasures():
        person = Person.parse(orjson.loads(path.read_bytes()))
        if not meant.isdisjoint(person.pseudonyms) or name in person.account_ids:
            return person
    return None


def _keep_journal(path: Path, person: Person) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(path, orjson.dumps(person.as_json()))
    path.chmod(0o600)


def _search(job: Job, needles: Needles, journal: Path) -> Scanned:
    """Look at every byte of the lake and of what Prefect keeps; raises PasserelleError where they are still found."""
    places = [path for path in sorted(job.lake.root.iterdir()) if path != job.lake.erasures]
    places += [path for path in _files(job.lake.erasures) if path != journal]
    if prefect_home().is_dir():
        places.append(prefect_home())
    found = scan_for(places, needles)
    if found.bytes_matched or found.unread:
        listed = ", ".join([*found.matched, *found.unread][:5])
        raise PasserelleError(
            en=f"something of them may still be in {listed}; run the same command again, and report this if it stays",
            fr=f"il en reste peut-être quelque chose dans {listed} ; relancez la même commande, et signalez-le si cela "
            "persiste",
        )
    return found


def _tell(job: Job, done: Erased) -> None:
    """Keep that somebody was erased, and what was issued again; not who."""
    path = job.lake.erasures / "log.json"
    told: list[dict[str, Any]] = orjson.loads(path.read_bytes()) if path.exists() else []
    told.append(
        {
            "at": clock.now().isoformat(),
            "block": done.name,
            "rows": done.rows,
            "reissued": [
                {"week": one.week, "revision": one.revision, "replaces": one.replaced} for one in done.reissued
            ],
        }
    )
    write_whole(path, orjson.dumps(told, option=orjson.OPT_INDENT_2))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
