"""The notice and the register entry of a campaign, kept true to what its file says."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import orjson

from passerelle import clock
from passerelle.campaign import Campaign
from passerelle.files import write_whole
from passerelle.keys import is_embedded
from passerelle.lake import Lake
from passerelle.platforms import PLATFORMS
from passerelle.private import private_files, readable_by_others
from passerelle.wording import LANGUAGES
from transforms.report import Paper, Processing, render_paper

TOLD = "told.json"
"""Beside the register entry: the digest of what it says, and the day since when."""


def keep_papers(lake: Lake, campaign: Campaign) -> bool:
    """Write both papers of `campaign` in both languages where they do not say the same already; whether they did not.

    The notice lies in ``releases/notice``, which is public, the register entry in ``register``. An entry that is no
    longer true is kept beside the new one, under the day until which it was.
    """
    facts, today = processing(campaign, lake), clock.now().date()
    digest = hashlib.sha256("".join(_page(paper, facts, code) for paper, code in _PAGES).encode()).hexdigest()
    told = lake.register / TOLD
    known = orjson.loads(told.read_bytes()) if told.exists() else {}
    if known.get("sha256") == digest and all(_path(lake, paper, code).exists() for paper, code in _PAGES):
        return False
    with readable_by_others():
        for code in LANGUAGES:
            write_whole(_path(lake, "notice", code), _page("notice", facts, code).encode())
    with private_files():
        for code in LANGUAGES:
            old = _path(lake, "register", code)
            if old.exists() and known.get("sha256") not in (None, digest):
                write_whole(old.with_name(f"until-{today.isoformat()}.html"), old.read_bytes())
            write_whole(old, _page("register", facts, code, today).encode())
        told_now = {"schema": "passerelle.register/1", "sha256": digest, "since": today.isoformat()}
        write_whole(told, orjson.dumps(told_now))
    return True


def processing(campaign: Campaign, lake: Lake) -> Processing:
    """What `campaign` does with people's data, for the papers that say so."""
    return Processing(
        name=campaign.name,
        title=campaign.title or campaign.name,
        controller=campaign.controller,
        contact=campaign.contact,
        purpose=campaign.purpose,
        legal_basis=campaign.legal_basis,
        retention_days=campaign.retention_days,
        history_days=campaign.collect.history_days,
        hashtags=campaign.hashtags,
        sources=(*((*PLATFORMS[one.kind].what, one.host) for one in campaign.sources), _FILES),
        licence=campaign.licence,
        key_mark=lake.key_fingerprint() or "",
        is_invented=is_embedded(campaign),
    )


_FILES = ("files of public posts that the study holds", "fichiers de publications publiques que détient l'étude", "")
_KINDS: tuple[Paper, ...] = ("notice", "register")
_PAGES = [(paper, code) for paper in _KINDS for code in LANGUAGES]


def _page(paper: Paper, facts: Processing, code: str, since: date | None = None) -> str:
    others = tuple(other for other in LANGUAGES if other != code)
    return render_paper(paper, facts, code, since, others)


def _path(lake: Lake, paper: Paper, code: str) -> Path:
    folder = lake.notice if paper == "notice" else lake.register
    return folder / code / f"{paper}.html"
