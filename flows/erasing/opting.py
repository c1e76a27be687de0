"""Opting out: somebody is kept out from now on, known or not yet, and what is there of them is erased."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flows.erasing.erase import Erased, candidates_in_clear, erase
from flows.erasing.person import candidates, find_person, handles_meant
from flows.job import Job
from passerelle import clock
from passerelle.blocks import Block, Blocks, read_blocks, write_blocks
from passerelle.errors import UsageError, french_reason

_COMMENT = "#"


@dataclass(frozen=True, slots=True)
class OptedOut:
    """Somebody who was kept out: what the block is called, and what was erased of them (None: nothing was there)."""

    name: str
    erased: Erased | None


def add(job: Job, name: str) -> OptedOut:
    """Keep out whom `name` means, known or not, and erase what is there. The caller holds the lake's lock."""
    if find_person(job, name) is not None:
        done = erase(job, name, cause="asked")
        return OptedOut(done.name, done)
    blocks = _read(job)
    meant = _meant(job, name)
    write_blocks(job.lake.blocks_file, blocks.adding(meant, clock.now(), "asked"))
    return OptedOut(blocks.mark(meant[0])[:12], None)


def remove(job: Job, name: str) -> list[str]:
    """Let whom `name` means be collected again; names of the blocks that went. What was erased stays erased.

    `name` may be that of a block, as a list shows it. Raises UsageError where nobody of that name is kept out.
    """
    blocks = _read(job)
    left = blocks.without(_meant(job, name))
    left = Blocks(job.pseudonyms.key, [one for one in left.blocks if one.name != name.strip()])
    gone = [one.name for one in blocks.blocks if one not in left.blocks]
    if not gone:
        raise UsageError(
            en=f"'{name}': nobody of that name is kept out; `passerelle optout list` shows the blocks",
            fr=f"« {name} » : personne de ce nom n'est tenu à l'écart ; `passerelle optout list` montre les marques",
        )
    write_blocks(job.lake.blocks_file, left)
    return gone


def listed(job: Job) -> tuple[Block, ...]:
    """Who is kept out, without names, oldest first."""
    return tuple(sorted(_read(job).blocks, key=lambda block: (block.since, block.name)))


def names_in(path: Path) -> list[str]:
    """The names in a file, one a line; empty lines and those that begin with # are none. Raises UsageError."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        en, fr = error.strerror, french_reason(error)
    except UnicodeDecodeError:
        en, fr = "it is not UTF-8", "ce n'est pas de l'UTF-8"
    else:
        return list(dict.fromkeys(name for line in lines if (name := line.strip()) and not name.startswith(_COMMENT)))
    raise UsageError(
        en=f"{path}: cannot be read ({en}); write one name a line, in UTF-8",
        fr=f"{path} : illisible ({fr}) ; écrivez un nom par ligne, en UTF-8",
    )


def _read(job: Job) -> Blocks:
    return read_blocks(job.lake.blocks_file, job.pseudonyms.key)


def _meant(job: Job, name: str) -> list[str]:
    """Every pseudonym that `name` may stand for, the likeliest account first."""
    likely = [job.pseudonyms.account(identity) for identity in candidates_in_clear(job, name)]
    accounts = candidates(job, name)
    return list(dict.fromkeys([*(one for one in likely if one in accounts), *sorted(accounts), *_handles(job, name)]))


def _handles(job: Job, name: str) -> list[str]:
    return sorted(handles_meant(job, name))
