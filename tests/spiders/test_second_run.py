"""From one run to the next, by the public command: only what is new and due is asked for, and nothing is forgotten."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.sandbox.catalogue import account_id
from tests.sandbox.server import Sandbox
from tests.spiders.hamlet import HOME, MONDAY, Desk, Hamlet

pytestmark = pytest.mark.slow
Open = Callable[..., Desk]


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator[Open]:
    """A desk over a hamlet, with a campaign file of `collect` lines."""
    servers = []

    def opened(hamlet: Hamlet, collect: str = "") -> Desk:
        server = Sandbox(hamlet.world, MONDAY, limit=1_000_000, home=HOME, frozen=True)
        servers.append(server.__enter__())
        desk = Desk(tmp_path, server)
        desk.campaign(collect)
        return desk

    yield opened
    for server in servers:
        server.__exit__()


def status(post: object) -> str:
    return f"/api/v1/statuses/{post.local_id}"  # type: ignore[attr-defined]


def timelines(asked: list[str], author: int) -> list[str]:
    return [path for path in asked if path.startswith(f"/api/v1/accounts/{account_id(author)}/statuses")]


def test_three_runs_ask_for_what_is_new_and_due_and_replay_to_the_same_tables(open_desk: Open) -> None:
    hamlet = Hamlet()
    old = [hamlet.post(0, -24 * day, text="autre chose") for day in range(40, 3, -1)]
    kept, gone = hamlet.post(0, -50), hamlet.post(1, -30)
    gone.deleted = MONDAY + timedelta(hours=20)
    hamlet.boost(2, kept, -20)
    desk = open_desk(hamlet)
    first = desk.collect(hours=0)
    assert len(timelines(first, 0)) >= 1
    assert "/api/v2/instance" in first
    hamlet.post(2, 30, reply_to=kept.number)
    second = desk.collect(hours=48)
    # the gone post's 72 hours have passed; the kept one is on the page; the new person's history is read
    assert status(gone) in second
    assert timelines(second, 0) == timelines(second, 1) == []
    assert len(second) < len(first)
    assert desk.lake().read("deletions").num_rows == 1
    third = desk.collect(hours=49)
    assert [path.partition("?")[0] for path in third] == ["/robots.txt", "/api/v1/timelines/tag/EmploiDuHameau"]
    assert desk.lake().read("runs").num_rows == 3
    again = desk.run("replay", str(desk.lake().vault), hours=49, lake="again")
    assert (again.returncode, desk.asked()) == (0, [])
    for name in ("posts", "post_versions", "accounts", "engagements", "polls", "coverage", "deletions", "handles"):
        assert desk.lake("again").read(name).equals(desk.lake().read(name)), name
    assert desk.lake().read("posts").num_rows == len(old) + 3


def test_a_clock_that_goes_back_loses_nothing_and_the_vault_still_replays(open_desk: Open) -> None:
    hamlet = Hamlet()
    hamlet.post(0, -1)
    hamlet.post(1, 5)
    hamlet.post(2, 60)
    desk = open_desk(hamlet, "history_days = 0")
    desk.hold_clock()  # two runs within one second are two runs
    for hours in (100, 6, 6, 102):
        desk.collect(hours=hours)
    assert desk.lake().read("posts").num_rows == 3
    assert desk.lake().read("runs").num_rows == 4
    again = desk.run("replay", str(desk.lake().vault), hours=103, lake="again")
    assert again.returncode == 0, again.stderr
    assert desk.lake("again").read("post_versions").equals(desk.lake().read("post_versions"))


def test_a_damaged_state_is_one_line_and_the_vault_makes_it_anew(open_desk: Open) -> None:
    hamlet = Hamlet()
    hamlet.post(0, -1)
    desk = open_desk(hamlet, "history_days = 0")
    desk.collect(hours=0)
    [state] = desk.lake().state.iterdir()
    whole = state.read_bytes()
    for damage in (b"{", b"[]", b'{"cursors": 3}', b'{"number": "x"}', b"\xff"):
        state.write_bytes(damage)
        done = desk.run("collect", hours=24)
        assert done.returncode == 1
        assert f"{state}: damaged" in done.stderr
        assert desk.asked() == []
    state.unlink()
    assert desk.run("replay", str(desk.lake().vault), hours=24).returncode == 0
    assert state.read_bytes() == whole
    assert "/api/v2/instance" not in desk.collect(hours=24)


def test_a_run_that_failed_or_was_given_up_is_passed_over_by_a_replay(open_desk: Open) -> None:
    hamlet = Hamlet()
    hamlet.post(0, -1)
    desk = open_desk(hamlet, "history_days = 0")
    desk.collect(hours=0)
    cut = next(desk.lake().vault.glob("*.warc.gz"))
    body = cut.read_bytes()
    desk.collect(hours=24)
    # the first run as if it had been killed: its successor did not begin from it
    shutil.rmtree(desk.folder / "lake")
    desk.lake().vault.mkdir(parents=True)
    cut.write_bytes(body[:-40])
    desk.campaign("history_days = 0\nmax_pages = 9")  # another campaign file: what was asked for may not be what is
    desk.collect(hours=24)
    assert len(list(desk.lake().vault.iterdir())) == 3
    again = desk.run("replay", str(desk.lake().vault), hours=25, lake="again")
    assert again.returncode == 0, again.stderr
    assert desk.lake("again").read("post_versions").equals(desk.lake().read("post_versions"))


def test_doctor_asks_for_one_page_as_a_collection_would_and_keeps_nothing(open_desk: Open) -> None:
    hamlet = Hamlet()
    kept = [hamlet.post(0, -hours) for hours in range(1, 60)]
    hamlet.post(1, -1, reply_to=kept[0].number)
    desk = open_desk(hamlet)
    told = desk.run("doctor", hours=0)
    assert (
        "40 posts on the first page of #EmploiDuHameau; it shows threads, who reposted, people's history" in told.stdout
    )
    assert told.stdout.rstrip().endswith("; not times of reposts, quotes")
    assert [path.partition("?")[0] for path in desk.asked()] == [
        "/robots.txt", "/api/v2/instance", "/api/v1/timelines/tag/EmploiDuHameau"
    ]  # fmt: skip
    assert not desk.lake().exists()
