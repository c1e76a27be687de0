"""Whom a stream tells of: wishes in profiles, copies of people elsewhere, accounts that are hidden, back, or gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from passerelle.policy import decide
from passerelle.records import AccountRecord, DeletionRecord, EngagementRecord, PostRecord
from tests.spiders.crawling import Crawled
from tests.spiders.invented_network import Network, did, keys_of, town, uri
from tests.spiders.stream_server import No, Query
from tests.spiders.test_stream import Desk, of

WILLING = {"handle": "x.test", "labels": []}
SHY = {"handle": "shy.test", "labels": [{"val": "!no-unauthenticated"}]}
PEOPLE = ("ada", "bob", "cleo", "dan", "eve")


def asked(network: Network, **profiles: dict[str, Any] | None) -> Network:
    """The network, whose index shows everybody's profile, some of them as told (None: not shown)."""
    everybody = {name: {**WILLING, "handle": f"{name}.test"} for name in PEOPLE} | profiles
    network.profiles = {name: profile for name, profile in everybody.items() if profile is not None}
    return network


def let_in(done: Crawled) -> list[str]:
    """The ends of the addresses of posts that policy lets in."""
    wishes = {one.account: one.evidence for one in of(AccountRecord, done)}
    posts = of(PostRecord, done)
    return keys_of(one.post for one in posts if decide(one, wishes.get(one.author)) is None)


def test_who_shuns_strangers_is_left_alone_and_profiles_are_asked_for_together(tmp_path: Path) -> None:
    desk = Desk(tmp_path, asked(town(), bob=SHY))
    with desk.network.server() as server:
        done = desk.run(server=server)
        asks = [query for _, path, query, _ in server.asked if path.endswith("getProfiles")]
    assert (done.code, done.verdict["errors"]) == (0, {"en": [], "fr": []}), done.err
    assert len(asks) == 1, "all at once"
    assert let_in(done) == ["call", "relay", "thanks", "call", "regret"]
    assert {one.handle for one in of(AccountRecord, done)} == {f"bluesky:@{name}.test" for name in (*PEOPLE, "shy")} - {
        "bluesky:@bob.test"
    }
    desk.network.reply("gil", "below", uri("bob", "answer"), text="à qui ne veut pas")
    asked(desk.network, bob=SHY, gil=WILLING)
    assert let_in(desk.run()) == [], "nobody answers who was never kept"


def test_a_bridges_copy_is_none_of_the_campaigns_posts(tmp_path: Path) -> None:
    network = town()
    network.post("copy", "bridged", bridgyOriginalUrl="https://ville.test/p/1")
    network.post("mirror", "mirrored")
    network.repost("mirror", "again", uri("ada", "call"))
    network.like("mirror", "liked", uri("ada", "call"))
    mirror = {"handle": "eli.ville.test.ap.brid.gy", "labels": []}
    done = Desk(tmp_path, asked(network, copy=WILLING, mirror=mirror)).run()
    assert [one.visibility for one in of(PostRecord, done) if one.post.endswith(("bridged", "mirrored"))] == [
        "bridged"
    ] * 2
    assert not [one for one in of(PostRecord, done) if one.post.endswith("again")]
    assert [one.account for one in of(EngagementRecord, done)] == [f"bluesky:{did('dan')}"]
    assert let_in(done)[-1] == "regret"


def test_whom_the_index_does_not_show_is_not_kept(tmp_path: Path) -> None:
    done = Desk(tmp_path, asked(town(), ada=None, dan=None)).run()
    assert done.code == 0
    assert let_in(done) == ["answer", "relay", "regret"]
    assert of(EngagementRecord, done) == []


def test_while_the_index_is_silent_nobody_is_kept_and_the_run_is_partial(tmp_path: Path) -> None:
    network = asked(town())
    told = network.serve

    def serve(host: str, path: str, query: Query) -> Any:
        return No(503) if path.endswith("getProfiles") else told(host, path, query)

    network.serve = serve  # type: ignore[method-assign]
    done = Desk(tmp_path, network).run()
    assert (done.code, let_in(done)) == (4, [])
    assert "profiles not read to the end: 1 (the server did not answer)" in done.err


def test_a_server_without_profiles_is_said_to_have_none(tmp_path: Path) -> None:
    done = Desk(tmp_path, town()).run()
    assert (done.code, len(let_in(done))) == (0, 6)
    assert "wishes not to be read are not known" in done.err


@pytest.mark.parametrize(("status", "gone"), [("deleted", True), ("deactivated", False), ("takendown", False)])
def test_an_account_that_ends_is_deleted_or_hidden(tmp_path: Path, status: str, gone: bool) -> None:
    network = town()
    desk = Desk(tmp_path, network)
    desk.run()
    network.account("bob", active=False, status=status)
    network.account("others", active=False, status="deleted")
    network.reply("bob", "unseen", uri("ada", "call"))
    then = desk.run()
    assert keys_of(one.post for one in of(DeletionRecord, then)) == (["answer"] if gone else [])
    assert let_in(then) == []
    network.reply("bob", "hidden", uri("ada", "call"))
    assert let_in(desk.run()) == [], "the next run knows it still"
    network.account("bob", active=True)
    network.reply("bob", "back", uri("ada", "call"))
    assert let_in(desk.run()) == ["back"]


def test_a_new_handle_is_asked_for(tmp_path: Path) -> None:
    network = asked(town(), ada={**WILLING, "handle": "rita.test"})
    network.identity("ada", "rita.test")
    network.identity("others", "nobody.test")
    done = Desk(tmp_path, network).run()
    handles = [one.handle for one in of(AccountRecord, done) if one.account.endswith(did("ada"))]
    assert handles[-1] == "bluesky:@rita.test"
    assert not [one for one in of(AccountRecord, done) if "others" in one.account]
