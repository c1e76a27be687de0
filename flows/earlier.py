"""What earlier public issues told: it is told again, so that nobody can be found by comparing two issues."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from flows.editions import DISCLOSURE, MANIFEST
from flows.latest import releases_of
from passerelle.lake import BESIDE, Lake
from transforms.report import RULE, HelpNetwork, circumstances_of, groups_of, issue_of
from transforms.report.chains import FIRST
from transforms.report.disclosure import Issue
from transforms.report.public_indicators import Circumstances

TOLD = ("cells", "weekly_indicators", "groups", "bridges")
COPIED_FROM = "copied_from"


@dataclass(frozen=True, slots=True, eq=False)
class Earlier:
    """An earlier issue's public tables; `release` is its folder, None where nothing was told before."""

    release: Path | None = None
    tables: Mapping[str, pa.Table] = field(default_factory=dict)

    @property
    def cells(self) -> Issue:
        """Told cells by week."""
        return issue_of(self.tables["cells"]) if self.tables else {}

    @property
    def final_weeks(self) -> list[str]:
        """Weeks that were told as final."""
        return [week for week, told in self.cells.items() if FIRST in told]

    @property
    def circumstances(self) -> Circumstances:
        """Design effects and words on chance."""
        return circumstances_of(self.tables["weekly_indicators"]) if self.tables else {}

    @property
    def groups(self) -> HelpNetwork | None:
        """Groups and links."""
        return groups_of(self.tables["groups"], self.tables["bridges"]) if self.tables else None

    def named(self, lake: Lake) -> dict[str, str] | None:
        """How the manifest names it: where it lies among the releases, and the hash of its cells."""
        if self.release is None:
            return None
        digest = hashlib.sha256(data_file(self.release, "cells").read_bytes()).hexdigest()
        return {"release": str(self.release.relative_to(lake.releases)), "cells_sha256": digest}


def earlier_of(release: Path | None) -> Earlier:
    """What `release` told."""
    if release is None:
        return Earlier()
    return Earlier(release, {name: pq.read_table(data_file(release, name)) for name in TOLD})


def bases(lake: Lake, week: str) -> list[Path | None]:
    """Releases whose telling an issue of `week` may rest on, in the order in which they are tried.

    First what its newest revision rested on: made again of the same data, an issue is the same. Where that no longer
    gives the same cells, the newest release of all, since readers have it.
    """
    told = [release for release in releases_of(lake) if _rule(release) == RULE]
    mine = [release for release in told if release.parent == lake.release(week)]
    newest = told[-1] if told else None
    if not mine:
        return [newest]
    named = orjson.loads((mine[-1] / MANIFEST).read_bytes())[DISCLOSURE][COPIED_FROM]
    first = lake.releases / named["release"] if named else None
    return [first if first is None or first in told else newest, newest]


def newest_of(lake: Lake, week: str) -> Path | None:
    """The newest revision of `week` under the present rule."""
    mine = [one for one in releases_of(lake) if one.parent == lake.release(week) and _rule(one) == RULE]
    return mine[-1] if mine else None


def _rule(release: Path) -> str | None:
    manifest = orjson.loads((release / MANIFEST).read_bytes())
    rule: str | None = manifest.get(DISCLOSURE, {}).get("rule")
    return rule


def data_file(release: Path, name: str) -> Path:
    """A public table of a release."""
    return release / BESIDE / f"{name}.parquet"
