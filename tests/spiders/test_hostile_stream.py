"""What hostile frames cost: themselves, counted; never the run, its memory, or its place."""

from __future__ import annotations

import contextlib
import json
import socket
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.server import ServerConnection

from passerelle.records import CoverageRecord, MalformedRecord, PostRecord
from spiders.streaming.live import MAX_UNREAD
from spiders.streaming.socket import MAX_FRAME
from tests.spiders.crawling import crawl
from tests.spiders.invented_network import BEGIN, Network, did, keys_of, town, uri
from tests.spiders.platforms.mastodon.odd_values import changed, paths
from tests.spiders.platforms.test_nonsense import ODD
from tests.spiders.stream_server import Frames, No, Query
from tests.spiders.test_stream import LAND_TOO, Desk, of

AT_US = int((BEGIN.timestamp() + 10) * 1e6)
ALL = ["call", "answer", "relay", "thanks", "call", "regret"]


def among(network: Network, *odd: Any, at: int = 10) -> Network:
    """The network with odd frames among its own."""
    told = network.serve

    def serve(host: str, path: str, query: Query) -> Frames | No:
        given = told(host, path, query)
        if not isinstance(given, Frames) or not given.frames:
            return given
        frames = [*given.frames[:at], *odd, *given.frames[at:]]
        return Frames(frames, given.close, given.body)

    network.serve = serve  # type: ignore[method-assign]
    return network


def commit(**more: Any) -> dict[str, Any]:
    """An event like any other, with something else in it."""
    inner = {"rev": "rev0", "operation": "create", "collection": "app.bsky.feed.post", "rkey": "odd"}
    inner["record"] = {"text": "odd", "tags": ["entraide"], "createdAt": "2026-11-29T08:00:00Z"}
    head = {"did": did("odd"), "time_us": AT_US, "cursor": 1070, "kind": "commit"}
    return {**head, "commit": {**inner, **more.pop("commit", {})}, **more}


UNREADABLE = [
    "",
    "null",
    "[]",
    "no JSON",
    '{"kind": "commit"',
    b"\x28\xb5\x2f\xfd\x04\x00 compressed though nobody asked",
    b"\xff\xfe",
    "[" * 20_000,
    '{"kind": "commit", "did": 7, "commit": {}}',
    '{"kind": "commit", "did": "did:plc:x", "commit": []}',
    json.dumps(commit(commit={"rkey": None})),
    json.dumps({"$type": "message", "payload": 3}),
    json.dumps({"text": "x" * 1_500_000}),
]
VOID = [
    {"kind": "gift", "did": "did:plc:x", "time_us": AT_US, "gift": {}},
    commit(commit={"operation": "explode"}),
    commit(time_us=1, commit={"record": {"text": "nobody's"}}),
    commit(time_us=10**17, cursor=10**14, commit={"record": {"text": "nobody's"}}),
    commit(time_us="soon", commit={"record": {"text": "nobody's"}}),
    commit(cursor=-4, commit={"record": {"text": "nobody's"}}),
    commit(cursor=True, commit={"record": {"text": "nobody's"}}),
    commit(cursor=1001, commit={"record": {"text": "nobody's"}}),
    commit(commit={"record": "no record"}),
    commit(commit={"record": {"tags": 7, "facets": {"a": 1}, "reply": [], "embed": 3}}),
    commit(commit={"record": {"tags": [None, {}, "x" * 3000], "reply": {"parent": 1, "root": {"uri": 4}}}}),
    commit(commit={"collection": "app.bsky.feed.repost", "record": {"subject": "at://"}}),
    commit(commit={"operation": "delete", "rkey": "never-seen", "record": None}),
    {"kind": "account", "did": did("ada"), "time_us": AT_US, "account": {"active": "no", "status": 4}},
    {"kind": "identity", "did": did("ada"), "time_us": AT_US, "identity": {"handle": 9}},
]


def test_frames_that_cannot_be_read_cost_themselves(tmp_path: Path) -> None:
    done = Desk(tmp_path, among(town(), *UNREADABLE)).run()
    assert (done.code, done.verdict["outcome"]) == (0, "complete"), done.err
    assert keys_of(one.post for one in of(PostRecord, done)) == ALL
    assert len(of(MalformedRecord, done)) == done.verdict["counts"]["unread"] == len(UNREADABLE)
    assert {one.reason for one in of(MalformedRecord, done)} == {
        "not valid JSON",
        "no object",
        "not the fields that a frame has",
        "too large",
    }


def test_frames_that_make_no_sense_move_nothing(tmp_path: Path) -> None:
    done = Desk(tmp_path, among(town(), *VOID)).run()
    assert (done.code, done.verdict["outcome"]) == (0, "complete"), done.err
    assert keys_of(one.post for one in of(PostRecord, done)) == ALL
    counts = done.verdict["counts"]
    assert (counts["unknown_kinds"], counts["impossible_times"], counts["out_of_order"]) == (2, 3, 1)
    [row] = of(CoverageRecord, done)
    assert (row.covered_until - row.covered_from).total_seconds() == 19
    assert done.state["stream"]["number"] == 1000 + 7 * 19, "a number that is too large belongs to no time that can be"


def test_a_post_whose_time_cannot_be_is_kept_as_seen_when_it_came(tmp_path: Path) -> None:
    done = Desk(tmp_path, among(town(), commit(time_us=10**17))).run()
    [odd] = [one for one in of(PostRecord, done) if one.post == uri("odd", "odd")]
    assert odd.captured_at.isoformat() >= done.verdict["run_id"][:4]
    assert done.state["stream"]["at_us"] < 10**16


def test_no_more_is_kept_of_a_flood_than_a_hundred(tmp_path: Path) -> None:
    done = Desk(tmp_path, among(town(), *["flood"] * 3_000)).run()
    assert keys_of(one.post for one in of(PostRecord, done)) == ALL
    assert (len(of(MalformedRecord, done)), done.verdict["counts"]["unread"]) == (MAX_UNREAD, 3_000)


def test_a_frame_that_no_memory_should_hold_is_stepped_over_and_said(tmp_path: Path) -> None:
    network = town()
    network.raw("x" * (MAX_FRAME + 1))
    network.others(5)
    network.reply("gil", "behind", uri("ada", "call"))
    with network.server() as server:
        done = Desk(tmp_path, network).run(server=server)
        assert server.cursors("/subscribe")[1:] == [str(1000 + 7 * 19 + step) for step in (2, 4, 8)]
    assert (done.code, done.verdict["counts"]["too_large"]) == (4, 3), done.err
    assert keys_of(one.post for one in of(PostRecord, done)) == [*ALL, "behind"]
    [row] = of(CoverageRecord, done)
    assert (row.complete, row.reason) == (False, "gap")


def test_an_instance_that_numbers_anew_is_followed(tmp_path: Path) -> None:
    network = town()
    desk = Desk(tmp_path, network)
    desk.run()
    for event in network.events:
        event["cursor"] -= 900
    network.post("new", "numbered")
    with network.server(desk.port) as server:
        done = desk.run(server=server)
    assert keys_of(one.post for one in of(PostRecord, done)) in (["numbered"], [])


@pytest.mark.parametrize("newer", [False, True])
def test_an_odd_value_in_any_place_costs_only_its_frame(tmp_path: Path, newer: bool) -> None:
    network = town()
    network.newer = newer
    network.account("bob", active=False, status="deactivated")
    network.account("bob", active=True)
    network.identity("ada", "rita.test")
    told = [json.loads(network.frame(event)) for event in network.events if event["did"] != did("others")]
    odd = [changed(frame, path, value) for frame in told for path in paths(frame) for value in ODD]
    assert len(odd) > 1_000
    done = Desk(tmp_path, among(network, *odd)).run()
    assert (done.code, done.verdict["outcome"]) in ((0, "complete"), (4, "partial")), done.err
    kept = [one.post for one in of(PostRecord, done)]
    assert {uri("ada", "call"), uri("bob", "answer"), uri("ada", "thanks")} <= set(kept)
    assert not done.verdict["scrapy"].get("log_count/ERROR")
    again = crawl(
        tmp_path / "campaign.toml",
        tmp_path / "again",
        "--replay",
        str(tmp_path / "lake" / "vault"),
        settings=(LAND_TOO,),
    )
    assert again.records == done.records


def test_an_odd_profile_costs_only_itself(tmp_path: Path) -> None:
    network, told = town(), {"handle": "x.test", "labels": []}
    network.profiles = dict.fromkeys(("ada", "cleo", "dan", "eve"), told)
    serve = network.serve

    def odd(host: str, path: str, query: Query) -> Any:
        given = serve(host, path, query)
        if path.endswith("getProfiles") and isinstance(given, No):
            strange = [None, 7, {"did": 4}, {"did": did("bob"), "labels": {"a": 1}}]
            return No(200, {"profiles": [*strange, *given.body["profiles"]]})
        return given

    network.serve = odd  # type: ignore[method-assign]
    done = Desk(tmp_path, network).run()
    assert (done.code, done.verdict["outcome"]) == (0, "complete"), done.err
    assert keys_of(one.post for one in of(PostRecord, done)) == ALL, "who cannot be read is refused at the landing"


def wire(*pieces: bytes) -> Any:
    """Bytes that the library would not send, then silence."""

    def talk(connection: ServerConnection) -> None:
        for piece in pieces:
            connection.socket.sendall(piece)

    return talk


def endless(connection: ServerConnection) -> None:
    """One message in pieces, the last of which never comes."""
    connection.socket.sendall(b"\x01\x00")
    with contextlib.suppress(OSError):
        while True:
            connection.socket.sendall(b"\x00\x7e\xff\xff" + b" " * 65_535)


def cut(*pieces: bytes) -> Any:
    """The line ends after that, without a word."""

    def talk(connection: ServerConnection) -> None:
        wire(*pieces)(connection)
        connection.socket.shutdown(socket.SHUT_RDWR)

    return talk


WIRE: dict[str, Any] = {
    "cut in a frame": cut(b"\x81\x7e\x10\x00half"),
    "cut in a head": cut(b"\x81"),
    "cut between frames": cut(),
    "endless": endless,
    "masked": wire(b"\x81\x82\x01\x02\x03\x04ab"),
    "unknown opcode": wire(b"\x83\x00"),
    "reserved bits": wire(b"\xf1\x02{}"),
    "a piece of nothing": wire(b"\x00\x02{}"),
    "a long ping": wire(b"\x89\x7e\x00\xff" + b"x" * 255),
    "pings": wire(b"\x89\x00" * 5_000 + b"\x88\x00"),
    "a length of eight bytes": wire(b"\x81\x7f" + b"\x7f" + b"\xff" * 7),
    "no UTF-8": wire(b"\x81\x02\xff\xfe" + b"\x88\x00"),
    "an impossible code": wire(b"\x88\x02\x00\x05"),
    "a reason that is no text": wire(b"\x88\x04\x03\xe8\xff\xfe"),
    **{
        f"code {code}": (lambda connection, code=code: connection.close(code))
        for code in (1000, 1001, 1008, 1012, 4999)
    },
    "HTTP": wire(b"HTTP/1.1 200 OK\r\n\r\n<html>"),
}


def striking(network: Network, faults: list[Any], step: int) -> Network:
    """The network: each connection tells `step` events that are new and has the next fault."""
    told = network.serve

    def serve(host: str, path: str, query: Query) -> Frames | No:
        given = told(host, path, query)
        if not isinstance(given, Frames) or not faults:
            return given
        return Frames(given.frames[: step + 1] if step else (), body=faults.pop(0))

    network.serve = serve  # type: ignore[method-assign]
    return network


def test_whatever_ends_a_connection_the_next_goes_on_where_it_was(tmp_path: Path) -> None:
    network, faults = town(), list(WIRE.values())
    network.others(2 * len(WIRE))
    done = Desk(tmp_path, striking(network, faults, 2)).run()
    assert faults == []
    assert (done.code, done.verdict["outcome"]) in ((0, "complete"), (4, "partial")), done.err
    assert keys_of(one.post for one in of(PostRecord, done)) == ALL
    assert "Traceback" not in done.err


def test_a_server_of_nothing_but_faults_is_given_up_and_said(tmp_path: Path) -> None:
    faults = list(WIRE.values()) * 30
    done = Desk(tmp_path, striking(town(), faults, 0)).run()
    assert (done.code, done.verdict["outcome"]) == (1, "failed"), done.err
    assert len(faults) > 29 * len(WIRE), "it is not asked without end"
    [line] = [line for line in done.err.splitlines() if "not connected; tried again" not in line]
    assert "no server of its stream answers; try again later" in line
