"""A data team's folder: the campaign file, the key, the clock, and the public command run as one process a step."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.life.clock import VirtualClock
from tests.sandbox.world import World

KEY = bytes(range(7, 39))
COMMAND = Path(sys.executable).with_name("passerelle")
_CAMPAIGN = """
name = "life"
title = "Une campagne vécue"
hashtags = ["EmploiDesVallons"]
lookalikes = ["EmploiDesVallonsFaux", "EmploisDesVallons"]
purpose = "To live a campaign of invented people from its first day to its last erratum"
legal_basis = "no personal data: everything is invented"
retention_days = 3650
contact = "contact@vallons.example"
organisers = [{organisers}]

[analysis]
bootstrap_draws = 100
null_draws = 99
"""
_SOURCE = """
[[sources]]
kind = "mastodon"
host = "{host}"
"""


@dataclass(frozen=True, slots=True)
class Done:
    """How one process ended: minus the signal's number where it was killed."""

    words: tuple[str, ...]
    code: int
    out: str
    err: str


@dataclass(slots=True)
class Household:
    """Where a life is lived. `more` are environment variables besides those of every step."""

    folder: Path
    clock: VirtualClock
    more: dict[str, str] = field(default_factory=dict)

    @property
    def campaign(self) -> Path:
        """The campaign file."""
        return self.folder / "campaign.toml"

    def found(self, hosts: Sequence[str], world: World, more: str = "") -> None:
        """Write the campaign file: its sources, its organisers, and `more` tables."""
        team = [f'"{person.user}@{person.instance}"' for person in world.people if person.role == "organiser"]
        sources = "".join(_SOURCE.format(host=host) for host in hosts)
        text = _CAMPAIGN.format(organisers=", ".join(team)) + sources + more
        self.campaign.write_text(text, "utf-8")

    def lake(self, name: str = "lake") -> Path:
        """The lake of the campaign below `name`."""
        return self.folder / name / "life"

    def run(
        self, *words: str, lake: str = "lake", started: Callable[[subprocess.Popen[str]], None] | None = None
    ) -> Done:
        """One step of the public command. `started` is given the process, in a group of its own."""
        command = [str(COMMAND), *words, "--campaign", str(self.campaign), "--lake", str(self.folder / lake)]
        out, err = (self.folder / name for name in ("stdout", "stderr"))
        with out.open("w") as stdout, err.open("w") as stderr:
            process = subprocess.Popen(
                command, stdout=stdout, stderr=stderr, text=True, env=self._environment(), start_new_session=True
            )
            if started is not None:
                started(process)
            code = process.wait()
        return Done(words, code, out.read_text("utf-8"), err.read_text("utf-8"))

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PASSERELLE", "PREFECT"))}
        told = {"PASSERELLE_CLOCK": str(self.clock.path), "PASSERELLE_KEY": KEY.hex(), "PASSERELLE_LANG": "en"}
        return {**kept, **told, **self.more}
