"""The two trees of releases: what everybody may read, and beside it, in a tree of its own, what only some may.

A release is both editions or none: the restricted one is put into its place first, and counts only where the public
one of the same revision is there.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import orjson

from passerelle.lake import Lake
from passerelle.private import readable_by_others, tighten

Edition = Literal["public", "restricted"]
MANIFEST, SUMS, MARK = "release.json", "SHA256SUMS", "EDITION.txt"
DISCLOSURE = "disclosure"
"""What a manifest calls the rule that its public numbers go by."""
RESTRICTED_FR = "ÉDITION RESTREINTE : données personnelles, à ne pas transmettre."
RESTRICTED_EN = "RESTRICTED EDITION: personal data, not to be passed on."
RESTRICTED_LINE = f"{RESTRICTED_FR} {RESTRICTED_EN}"
PUBLIC_LINE = "ÉDITION PUBLIQUE : peut être transmise. PUBLIC EDITION: may be passed on."
LINES: Mapping[Edition, str] = {"public": PUBLIC_LINE, "restricted": RESTRICTED_LINE}
_FIRST = {
    **dict.fromkeys((".html", ".svg", ".xml", ".gexf", ".graphml"), "<!-- {} -->\n"),
    **dict.fromkeys((".csv", ".tsv"), "# {}\n"),
    **dict.fromkeys((".txt", ".md"), "{}\n\n"),
}
"""How a first line is said in each kind of text; Parquet and JSON, which have none, lie beside the mark."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Both editions of a release that is being written."""

    public: Path
    restricted: Path


def draft_of(lake: Lake, week: str) -> Draft:
    """Empty folders for the editions of a release of `week`, whatever a killed run left there."""
    public = lake.release(week) / "draft"
    draft = Draft(public, lake.restricted_of(public))
    for folder in (draft.public, draft.restricted):
        shutil.rmtree(folder, ignore_errors=True)
    with readable_by_others():
        draft.public.mkdir(parents=True)
    draft.restricted.mkdir(parents=True)
    return draft


def seal(folder: Path, edition: Edition, facts: Mapping[str, Any]) -> None:
    """Say of a draft what it is and what it holds: a mark, first lines, sums, and `facts` in its manifest."""
    if edition == "restricted":
        _mark_texts(folder)
    (folder / MARK).write_text(f"{LINES[edition]}\n", "utf-8")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    head = f"# {RESTRICTED_LINE}\n" if edition == "restricted" else ""
    (folder / SUMS).write_text(head + "".join(f"{digest}  {name}\n" for name, digest in sums.items()), "utf-8")
    content = {"schema": "passerelle.release/1", "edition": edition, "notice": LINES[edition], **facts, "files": sums}
    (folder / MANIFEST).write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))


def digest_of(edition: Path) -> str:
    """SHA-256 of what an edition says of itself, and so of all its files."""
    return hashlib.sha256((edition / MANIFEST).read_bytes()).hexdigest()


def keep(lake: Lake, draft: Draft) -> Path:
    """The draft as the next revision, or the newest revision where that says the same; returns its public folder.

    A restricted edition without its public one was left by a killed run, or its release was taken away: it goes.
    """
    week = draft.public.parent
    told = _revisions(week)
    for number, folder in _revisions(draft.restricted.parent).items():
        if number not in told:
            shutil.rmtree(folder)
    newest = told.get(max(told, default=0))
    if newest and _is_same(draft.public, newest) and _is_same(draft.restricted, lake.restricted_of(newest)):
        shutil.rmtree(draft.public)
        shutil.rmtree(draft.restricted)
        return newest
    number = 1 + max((*told, *_revisions(lake.superseded_of(week))), default=0)
    draft.restricted.rename(draft.restricted.with_name(f"r{number}"))
    return draft.public.rename(week / f"r{number}")


def restricted_edition(lake: Lake, release: Path) -> Path | None:
    """Folder of a release's restricted edition; None where there is none (any more)."""
    folder = lake.restricted_of(release)
    return folder if (folder / MANIFEST).exists() else None


def supersede(lake: Lake, rule: str | None) -> list[str]:
    """Take releases made under another disclosure `rule` out of readers' way; returns the ISO weeks, in order.

    They held personal tables, or told what may no longer be told: they go, whole, to the restricted tree, where they
    are erased and purged like all the rest. `latest` names none of them any more.
    """
    old = [path.parent for path in lake.releases.glob(f"*/W*/r*/{MANIFEST}") if _is_older(path.parent, rule)]
    if lake.latest_release() in old:
        lake.unpoint_latest()
    for folder in old:
        _put_away(folder, lake.restricted_of(folder), lake.superseded_of(folder))
    tighten(lake.superseded, lake.releases)
    return sorted({f"{folder.parts[-3]}-{folder.parts[-2]}" for folder in old})


def _put_away(public: Path, restricted: Path, target: Path) -> None:
    """Killed anywhere, what is left in the public tree is a public edition, and goes the next time."""
    if not (public / "restricted").exists():
        target.mkdir(parents=True, exist_ok=True)
        if restricted.exists():
            restricted.rename(target / "restricted")
        target /= "public"
    target.parent.mkdir(parents=True, exist_ok=True)
    public.rename(target)


def superseded_weeks(lake: Lake) -> list[str]:
    """ISO weeks of which readers have nothing, though they had before the rule changed: to be issued again."""
    gone = {f"{path.parts[-2]}-{path.parts[-1]}" for path in lake.superseded.glob("*/W*") if _revisions(path)}
    return sorted(week for week in gone if not _revisions(lake.release(week)))


def _mark_texts(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.suffix in _FIRST and path.is_file():
            path.write_bytes(marked(path.read_bytes(), path.suffix))


def marked(content: bytes, suffix: str) -> bytes:
    """Restricted text that says so in its first line, or in the second where XML wants the first for itself."""
    line = _FIRST[suffix].format(RESTRICTED_LINE).encode()
    head, end, rest = content.partition(b"\n") if content.startswith(b"<?xml") else (b"", b"", content)
    return head + end + line + rest


def _revisions(week: Path) -> dict[int, Path]:
    folders = (path for path in week.glob("r*") if path.name[1:].isdigit())
    return {int(folder.name[1:]): folder for folder in folders}


def _is_same(draft: Path, kept: Path) -> bool:
    return (kept / MANIFEST).exists() and (kept / MANIFEST).read_bytes() == (draft / MANIFEST).read_bytes()


def _is_older(release: Path, rule: str | None) -> bool:
    """Whether both editions lay in one folder, or the rule that it names is another."""
    told: dict[str, Any] = orjson.loads((release / MANIFEST).read_bytes())
    return bool(told.get("edition") != "public" or told.get(DISCLOSURE, {}).get("rule") != rule)
