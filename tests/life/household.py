"""A data team's folder: the campaign file, the key, the clock, and the public command run as one process a step."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.life.clock import VirtualClock
from tests.sandbox.world import World
from tests.spiders.forked import Command

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
contact = "contact@vallons.test"
organisers = [{organisers}]

[analysis]
bootstrap_draws = 100
null_draws = 99
"""
_SOURCE = """
[[sources]]
kind = "{kind}"
host = "{host}"
"""


class Process(Protocol):
    """A step that goes on."""

    @property
    def pid(self) -> int:
        """Its number, and its group's."""

    def poll(self) -> int | None:
        """Its exit code; None while it goes on."""

    def wait(self) -> int:
        """Its exit code, once it has ended."""


@dataclass(frozen=True, slots=True)
class Done:
    """How one process ended: minus the signal's number where it was killed."""

    words: tuple[str, ...]
    code: int
    out: str
    err: str


@dataclass(slots=True)
class Household:
    """Where a life is lived. `more` are environment variables besides those of every step.

    A step is a process of the installed command or, where it `is_forked`, one that was forked from a process which had
    imported all that it needs: that saves half of what a short life costs.
    """

    folder: Path
    clock: VirtualClock
    more: dict[str, str] = field(default_factory=dict)
    is_forked: bool = False

    @property
    def campaign(self) -> Path:
        """The campaign file."""
        return self.folder / "campaign.toml"

    def found(self, hosts: Sequence[str], world: World, kind: str, more: str = "") -> None:
        """Write the campaign file: its sources of one kind, its organisers, and `more` tables."""
        team = [f'"{world.identity(person.number)}"' for person in world.people if person.role == "organiser"]
        sources = "".join(_SOURCE.format(kind=kind, host=host) for host in hosts)
        text = _CAMPAIGN.format(organisers=", ".join(team)) + sources + more
        self.campaign.write_text(text, "utf-8")

    def lake(self, name: str = "lake") -> Path:
        """The lake of the campaign below `name`."""
        return self.folder / name / "life"

    def run(self, *words: str, lake: str = "lake", started: Callable[[Process], None] | None = None) -> Done:
        """One step of the public command. `started` is given the process, in a group of its own."""
        told = [*words, "--campaign", str(self.campaign), "--lake", str(self.folder / lake)]
        out, err = (self.folder / name for name in ("stdout", "stderr"))
        process = Command(told, self._environment(), out, err) if self.is_forked else self._begun(told, out, err)
        if started is not None:
            started(process)
        code = process.wait()
        return Done(words, code, out.read_text("utf-8"), err.read_text("utf-8"))

    def _begun(self, words: Sequence[str], out: Path, err: Path) -> Process:
        with out.open("w") as stdout, err.open("w") as stderr:
            return subprocess.Popen(
                [str(COMMAND), *words], stdout=stdout, stderr=stderr, env=self._environment(), start_new_session=True
            )

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PASSERELLE", "PREFECT"))}
        told = {"PASSERELLE_CLOCK": str(self.clock.path), "PASSERELLE_KEY": KEY.hex(), "PASSERELLE_LANG": "en"}
        return {**kept, **told, **self.more}
