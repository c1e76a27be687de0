"""Somebody is forgotten in the midst of a campaign: they are gone from every byte, and never come back."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from passerelle.blocks import Blocks
from passerelle.identity import Pseudonyms
from passerelle.lake import Lake
from passerelle.scanning import Needles, scan_for
from passerelle.tables import TABLES
from tests.life.kill import Killer
from tests.sandbox.parameters import Parameters
from tests.sandbox.people import HOME
from tests.sandbox.server import Sandbox
from tests.sandbox.simulate import Simulation, simulate
from tests.sandbox.truth import under_hashtag
from tests.sandbox.world import Person, World
from tests.spiders.crawling import crawl
from tests.spiders.forked import Command, command_forked

pytestmark = pytest.mark.slow
KEY = Pseudonyms(bytes.fromhex("ab" * 32))
SMALL = Parameters(seed=17, num_weeks=2, prior_weeks=2, num_active=26, num_quiet=4, num_seekers=16)
MIDWAY, END = SMALL.start + timedelta(days=8, hours=5), SMALL.as_of
BASE = ("posts", "post_versions", "post_names", "accounts", "handles", "engagements", "polls", "deletions", "coverage")
KILLS = 3


class Home:
    """The folder of one campaign, and the public command in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.campaign = folder / "campaign.toml"
        self.lake = Lake(folder / "data" / "essai")
        self.env = {
            **os.environ,
            "PASSERELLE_KEY": KEY.key.hex(),
            "PASSERELLE_LANG": "en",
            "PREFECT_HOME": str(folder / "prefect"),
        }

    def write_campaign(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.campaign.write_text(
            'name = "essai"\nhashtags = ["EmploiDesVallons"]\npurpose = "To forget an invented person, wholly"\n'
            'legal_basis = "none needed: all is invented"\nretention_days = 30\ncontact = "dpo@vallons.test"\n'
            f'[[sources]]\nkind = "mastodon"\nhost = "{HOME}"\n'
            "[collect]\ndelay_seconds = 0\nhomes = false\n"
            "[analysis]\nbootstrap_draws = 100\nnull_draws = 99\n",
            "utf-8",
        )

    def collect(self, world: World, at: datetime) -> dict[str, Any]:
        with Sandbox(world, at, limit=1_000_000, host=HOME, home=HOME) as server:
            done = crawl(
                self.campaign,
                self.lake.root,
                *("--connect", server.address, "--clock", at.isoformat()),
                settings=(),
                env=self.env,
            )
        assert done.code == 0, done.err
        return done.verdict

    def say(self, *words: str) -> Any:
        done = self.run(*words, "--json")
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return json.loads(done.stdout)

    def run(self, *words: str) -> CompletedProcess[str]:
        return command_forked(self.words(*words), self.env, timeout=600)

    def words(self, *words: str) -> list[str]:
        return [*words, "-c", str(self.campaign), "--lake", str(self.folder / "data")]

    def copied(self, folder: Path) -> Home:
        shutil.copytree(self.folder, folder, symlinks=True)
        return Home(folder)

    def rows(self, name: str) -> set[str]:
        return {repr(row) for row in self.lake.read(name).to_pylist()}


@pytest.fixture(scope="module")
def played() -> Simulation:
    return simulate(SMALL)


@pytest.fixture(scope="module")
def lived(played: Simulation, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Collected, committed, published, midway; what a server of Prefect left lies beside it."""
    home = Home(tmp_path_factory.mktemp("lived") / "home")
    home.write_campaign()
    home.collect(played.world, MIDWAY)
    home.say("clean")
    home.say("report")
    return home


@pytest.fixture(scope="module")
def somebody(played: Simulation, lived: Home) -> Person:
    """Somebody of the home server who calls for help, and whom others answer and name."""
    world = played.world
    known = set(lived.lake.read("accounts")["account_id"].to_pylist())
    named = [
        person
        for person in world.people
        if person.instance == HOME and person.seeker and KEY.account(person.identity) in known
    ]
    posts = lived.lake.read("posts")["author_id"].to_pylist()
    return max(named, key=lambda person: (posts.count(KEY.account(person.identity)), person.user))


def needles(home: Home, person: Person) -> Needles:
    """All that names somebody, told from the lake as it was."""
    posts = home.lake.read("posts", columns=["post_id", "author_id"]).to_pylist()
    account = KEY.account(person.identity)
    words = [f"{person.user}@{HOME}", f"/@{person.user}", f"users/{person.user}", person.user, person.name]
    theirs = {row["post_id"] for row in posts if row["author_id"] == account}
    return Needles(words, {account, KEY.handle(f"@{person.user}@{HOME}"), *theirs})


def where(home: Home) -> list[Path]:
    return [path for path in (home.lake.root, home.folder / "prefect") if path.exists()]


def test_the_person_is_gone_from_every_byte_and_everybody_else_is_as_before(
    lived: Home, somebody: Person, tmp_path: Path
) -> None:
    home, sought = lived.copied(tmp_path / "home"), needles(lived, somebody)
    planted = scan_for(where(home), sought)
    assert {Path(name).suffix for name in planted.matched} >= {".gz", ".parquet", ".json"}, "the control"
    before = {name: home.rows(name) for name in BASE}
    told = home.say("erase", f"@{somebody.user}@{HOME}", "--dry-run")
    assert {name: home.rows(name) for name in BASE} == before, "nothing is changed by a dry run"
    assert scan_for(where(home), sought).matched.keys() == planted.matched.keys()
    done = home.say("erase", f"@{somebody.user}@{HOME}")
    assert done["rows"] == told["rows"]
    assert done["rows"]["posts"] > 0
    assert done["rows"]["accounts"] == 1
    assert done["scan"]["bytes_matched"] == 0
    assert done["scan"]["control_forms_found"] == done["scan"]["control_forms"]
    found = scan_for(where(home), sought)
    assert found.matched == {}
    assert found.bytes > 100_000
    for name in BASE:
        assert len(home.rows(name)) == len(before[name]) - done["rows"].get(name, 0)
    [week] = done["reissued"]
    assert week["replaces"] == ["r1"]
    assert week["revision"] == "r2"
    assert home.lake.latest_release() is not None


def test_what_was_recorded_replays_for_everybody_else(lived: Home, somebody: Person, tmp_path: Path) -> None:
    home = lived.copied(tmp_path / "home")
    home.say("erase", somebody.identity)
    again = Home(tmp_path / "again")
    again.write_campaign()
    done = again.run("replay", str(home.lake.vault))
    assert done.returncode == 0, done.stderr
    for name in BASE:
        assert again.rows(name) == home.rows(name), name
    [run] = again.lake.read("runs").to_pylist()
    assert json.loads(run["reasons"])["refused"]["opted_out"] > 0


def test_they_do_not_come_back_and_the_others_go_on(
    played: Simulation, lived: Home, somebody: Person, tmp_path: Path
) -> None:
    home, other = lived.copied(tmp_path / "home"), lived.copied(tmp_path / "other")
    sought = needles(lived, somebody)
    home.say("erase", KEY.account(somebody.identity))  # by the pseudonym, as who has the restricted edition may know it
    for one in (home, other):
        one.collect(played.world, END)
        one.say("clean")
    newest = max(home.lake.read("runs").to_pylist(), key=lambda row: row["started_at"])
    assert json.loads(newest["reasons"])["refused"]["opted_out"] > 0
    assert scan_for(where(home), sought).matched == {}
    assert hashtag_posts(home, somebody) == hashtag_posts(other, somebody)
    again = Home(tmp_path / "again")
    again.write_campaign()
    assert again.run("replay", str(home.lake.vault)).returncode == 0
    for name in BASE:
        assert again.rows(name) == home.rows(name), name


def hashtag_posts(home: Home, person: Person) -> set[tuple[str, str]]:
    """Posts of everybody else under the hashtag, and their authors."""
    rows = home.lake.read("posts").to_pylist()
    theirs = {row["post_id"] for row in rows if row["author_id"] == KEY.account(person.identity)}
    return {
        (row["post_id"], row["author_id"])
        for row in rows
        if "emploidesvallons" in row["hashtags"]
        and row["author_id"] != KEY.account(person.identity)
        and row["repost_of_id"] not in theirs
    }


def test_a_killed_erasure_is_finished_by_the_same_command(lived: Home, somebody: Person, tmp_path: Path) -> None:
    whole = lived.copied(tmp_path / "whole")
    began = time.monotonic()
    whole.say("erase", somebody.identity)
    lasted = time.monotonic() - began
    sought = needles(lived, somebody)
    for number in range(1, KILLS + 1):
        home = lived.copied(tmp_path / f"killed-{number}")
        _kill(home, lasted * number / (KILLS + 1), "erase", somebody.identity)
        for name in TABLES:
            home.lake.read(name)  # each table is whole: as before, or as after
        home.say("erase", somebody.identity)
        assert scan_for(where(home), sought).matched == {}
        for name in BASE:
            assert home.rows(name) == whole.rows(name), name
        assert not home.lake.pending_erasures(), "the journal is gone"
        shutil.rmtree(home.folder)


def _kill(home: Home, seconds: float, *words: str) -> None:
    killer = Killer(whole_group=True)
    command = Command(home.words(*words), home.env, home.folder / "out", home.folder / "err")
    killer.aim(command)
    time.sleep(seconds)
    killer.strike()
    command.wait()


def test_who_opts_out_before_the_first_collection_never_comes_in(
    played: Simulation, somebody: Person, lived: Home, tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    home.write_campaign()
    names = home.folder / "names.txt"
    names.write_text(f"# asked by mail\n@{somebody.user}@{HOME}\n", "utf-8")
    [added] = home.say("optout", "import", str(names))["added"]
    assert added["erased"] is None
    home.collect(played.world, MIDWAY)
    home.say("clean")
    assert scan_for(where(home), needles(lived, somebody)).matched == {}
    assert [one["block"] for one in asked(home)] == [added["block"]]
    assert home.say("optout", "remove", f"@{somebody.user}@{HOME}")["removed"] == [added["block"]]
    assert asked(home) == []
    assert home.run("optout", "remove", "@nobody@nowhere.test").returncode == 2


def asked(home: Home) -> list[dict[str, Any]]:
    """The blocks of those who asked."""
    return [one for one in home.say("optout", "list")["blocks"] if one["cause"] == "asked"]


@contextmanager
def turned(world: World, person: Person, note: str) -> Iterator[None]:
    """For a while, somebody's profile says something else."""
    world.people[person.number] = replace(person, note=note)
    try:
        yield
    finally:
        world.people[person.number] = person


def test_a_profile_that_turns_is_heeded_from_that_day_on(
    played: Simulation, lived: Home, somebody: Person, tmp_path: Path
) -> None:
    home, account = lived.copied(tmp_path / "home"), KEY.account(somebody.identity)
    before = {row["post_id"] for row in home.lake.read("posts").to_pylist() if row["author_id"] == account}
    others = {one["block"] for one in home.say("optout", "list")["blocks"]}
    with turned(played.world, somebody, "Nobody's business #nobot"):
        home.collect(played.world, END - timedelta(days=3))
        home.say("clean")
    kept = {row["post_id"] for row in home.lake.read("posts").to_pylist() if row["author_id"] == account}
    assert kept == before, "what was there stays, nothing new comes"
    new = [one for one in home.say("optout", "list")["blocks"] if one["block"] not in others]
    assert ("profile", "nobot") in {(one["cause"], one["reason"]) for one in new}
    theirs = Blocks(KEY.key).mark(account)[:12]
    assert theirs in {one["block"] for one in new}
    newest = max(home.lake.read("runs").to_pylist(), key=lambda row: row["started_at"])
    assert json.loads(newest["reasons"])["refused"]["nobot"] > 0
    home.collect(played.world, END)  # the same server shows it without the wish again
    home.say("clean")
    assert theirs not in {one["block"] for one in home.say("optout", "list")["blocks"]}
    written = sum(under_hashtag(post) for post in played.world.posts if post.author == somebody.number)
    assert written > 0
