"""A hamlet of four invented people on a loopback server, and the public command run on it at given moments."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from passerelle.lake import Lake
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Boost, Person, Post, World
from tests.spiders.crawling import campaign_file
from tests.spiders.forked import command_forked

MONDAY = datetime(2026, 11, 16, 6, tzinfo=UTC)
HOME = "hameau.example"
KEY = "ab" * 32
TAG = "EmploiDuHameau"


def person(number: int, user: str) -> Person:
    """Somebody of the hamlet."""
    return Person(
        number=number,
        user=user,
        instance=HOME,
        name=user.title(),
        community=0,
        language="fr",
        role="person",
        active=True,
        seeker=False,
        trade="bois",
        followers=9,
    )


@dataclass
class Hamlet:
    """Its world grows by `post` and `boost`; times are hours from the first Monday, six o'clock."""

    world: World = field(
        default_factory=lambda: World([person(k, n) for k, n in enumerate(("anis", "basile", "cade"))])
    )

    def post(self, author: int, hours: float, text: str = f"bonjour #{TAG}", **more: Any) -> Post:
        """A post, with the hashtag unless `text` says otherwise."""
        at = MONDAY + timedelta(hours=hours)
        number = len(self.world.posts)
        post = Post(number, author, at, text, "fr", local_id=_id(at, number), **more)
        self.world.posts.append(post)
        return post

    def boost(self, actor: int, post: Post, hours: float) -> None:
        """A repost."""
        at = MONDAY + timedelta(hours=hours)
        self.world.boosts.append(Boost(actor, post.number, at, local_id=_id(at, 900 + len(self.world.boosts))))


def _id(at: datetime, number: int) -> int:
    return (int(at.timestamp() * 1000) << 16) + number


@dataclass
class Desk:
    """Somebody who collects from the hamlet: a folder, a server, the command."""

    folder: Path
    server: Sandbox
    clock_file: Path | None = None

    def campaign(self, collect: str = "", tags: tuple[str, ...] = (TAG,)) -> None:
        """Write the campaign file."""
        path = campaign_file(self.folder, self.server.address, tags[0], collect=f"homes = false\n{collect}")
        text = path.read_text("utf-8").replace(f'["{tags[0]}"]', str(list(tags)).replace("'", '"'))
        path.write_text(text, "utf-8")

    def hold_clock(self) -> None:
        """From now on the clock stands still during a run."""
        self.clock_file = self.folder / "clock"

    def environment(self, moment: datetime) -> dict[str, str]:
        """What the command is given: key, language, clock."""
        clock = moment.isoformat()
        if self.clock_file is not None:
            self.clock_file.write_text(clock, "ascii")
            clock = str(self.clock_file)
        return {**os.environ, "PASSERELLE_KEY": KEY, "LANG": "C", "PASSERELLE_CLOCK": clock}

    def words(self, *words: str, lake: str = "lake") -> list[str]:
        """What the command is told."""
        return [*words, "-c", str(self.folder / "campaign.toml"), "--lake", str(self.folder / lake)]

    def run(self, *words: str, hours: float, lake: str = "lake") -> CompletedProcess[str]:
        """Run the command `hours` after the first Monday; the server's log holds this run's requests only."""
        moment = MONDAY + timedelta(hours=hours)
        self.server.now = moment
        self.server.log.clear()
        return command_forked(self.words(*words, lake=lake), self.environment(moment), timeout=900)

    def collect(self, *, hours: float) -> list[str]:
        """Collect and commit, which must go well; the paths that were asked for."""
        done = self.run("collect", hours=hours)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return self.asked()

    def asked(self) -> list[str]:
        """The paths of the last run's requests."""
        return [target for target, _ in self.server.log]

    def lake(self, name: str = "lake") -> Lake:
        """The lake that was written."""
        return Lake(self.folder / name / "essai")
