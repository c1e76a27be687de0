"""Trying a source: a crawl of one page of the hashtag, into a lake and under a key that are thrown away."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from passerelle.campaign import Campaign, Source
from passerelle.lake import MANIFEST, Lake

_PATIENCE = 120.0  # seconds
# a server that does not answer at once is told so, not waited for
_SETTINGS = ("PASSERELLE_MAX_ATTEMPTS=2", "PASSERELLE_BACKOFF_SECONDS=1", "PASSERELLE_MAX_WAIT_SECONDS=10")
_SMALL: dict[str, Any] = {
    "max_pages": 1,
    "history_days": 0,
    "threads": False,
    "reposters": False,
    "homes": False,
    "recheck_hours": [],
}


@dataclass(frozen=True, slots=True)
class Trial:
    """How trying a source ended: `num_posts` that came; in English and French what is wrong, empty where nothing is."""

    num_posts: int
    en: str = ""
    fr: str = ""


def try_source(campaign: Campaign, source: Source) -> Trial:
    """Ask `source` for the first page of the campaign's first hashtag, as a collection would. Nothing is kept."""
    with tempfile.TemporaryDirectory() as folder:
        path, lake = Path(folder) / "campaign.toml", Lake(Path(folder) / "lake")
        path.write_text("\n".join(_lines(campaign, source)), "utf-8")
        command = [sys.executable, "-m", "spiders.crawl", "--campaign", str(path), "--lake", str(lake.root), "--json"]
        for setting in _SETTINGS:
            command += ["-s", setting]
        environment = {**os.environ, "PASSERELLE_KEY": secrets.token_hex(32)}
        try:
            done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            return Trial(0, "no end after two minutes", "pas de fin après deux minutes")
        return _told(done, lake)


def _told(done: subprocess.CompletedProcess[str], lake: Lake) -> Trial:
    lines = done.stdout.splitlines()
    if not lines:
        said = (done.stderr.strip().splitlines() or ["-"])[-1]
        return Trial(0, said, said)
    verdict = json.loads(lines[-1])
    manifest = lake.staging / verdict["run_id"] / MANIFEST
    landed = json.loads(manifest.read_text("utf-8"))["tables"] if manifest.exists() else {}
    num_posts = int(landed.get("post_versions", {}).get("rows", 0))
    # one page is less than all there is: that the list was cut is no trouble of the source
    errors = verdict["errors"] if verdict["exit_code"] else {"en": [], "fr": []}
    return Trial(num_posts, "; ".join(errors["en"][:1]), " ; ".join(errors["fr"][:1]))


def _lines(campaign: Campaign, source: Source) -> Iterator[str]:
    """A campaign file of one hashtag and one source."""
    kept = ("name", "purpose", "legal_basis", "retention_days", "contact", "deny_instances", "lookalikes")
    told = campaign.model_dump(mode="json")
    yield from (f"{name} = {_value(told[name])}" for name in kept if told[name] is not None)
    yield f"hashtags = {_value(told['hashtags'][:1])}"
    yield "[[sources]]"
    yield from (
        f"{name} = {_value(value)}" for name, value in source.model_dump(mode="json").items() if value is not None
    )
    yield "[collect]"
    small = {**told["collect"], **_SMALL}
    yield from (f"{name} = {_value(value)}" for name, value in small.items() if value is not None)


def _value(value: object) -> str:
    """A value as TOML writes it, which but for tables is as JSON does."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_value(name)} = {_value(one)}" for name, one in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)
