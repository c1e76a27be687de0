"""The vault: what was captured comes back exactly, in order, or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from passerelle.errors import PasserelleError, UsageError
from passerelle.vault import Attempt, RunInfo, Tape, Vault
from passerelle.vault.model import kept_headers

CLOCK = datetime(2026, 11, 22, 6, 0, 0, 123456, tzinfo=UTC)
LONG = b'[{"content": "' + b"bonjour " * 100 + b'"}]'


def info(name: str = "r1", hours: int = 0, **more: object) -> RunInfo:
    return RunInfo(run_id=name, source="ville.test", clock=CLOCK + timedelta(hours=hours), campaign_hash="ab", **more)


def attempt(path: str = "/a", ordinal: int = 0, body: bytes = b"[]", **more: object) -> Attempt:
    values = {"status": 200, "headers": (("content-type", "application/json"),), "body": body} | more
    return Attempt(
        url=f"https://ville.test{path}",
        fingerprint=path,
        ordinal=ordinal,
        captured_at=CLOCK + timedelta(seconds=ordinal, microseconds=7),
        **values,
    )


STORM = [
    attempt(ordinal=0, status=429, headers=(("retry-after", "5"),), body=b""),
    attempt(ordinal=1, status=0, headers=(), body=b"", failure="reset", detail="connection lost"),
    attempt(ordinal=2, status=503, headers=(), body=b"<html>busy</html>"),
    attempt(ordinal=3, body=LONG),
    attempt("/b", body="é 👩‍💼 \u202e".encode()),
]


def write(folder: Path, attempts: list[Attempt], run: RunInfo | None = None, status: str | None = "complete") -> Path:
    writer = Vault(folder).writer(run or info())
    for one in attempts:
        writer.add(one)
    if status is None:
        writer.close()
    else:
        writer.end(status, CLOCK)
    return writer.path


def replayed(folder: Path, attempts: list[Attempt], run: RunInfo | None = None) -> list[Attempt | None]:
    vault = Vault(folder)
    tape = Tape(vault, vault.read_whole(run or info()), None)
    return [tape.recorded(one.fingerprint, tape.next_ordinal(one.fingerprint), one.url) for one in attempts]


def test_every_attempt_comes_back_in_order_with_its_own_time(tmp_path: Path) -> None:
    write(tmp_path, STORM)
    assert replayed(tmp_path, STORM) == STORM


def test_a_run_opens_with_who_it_was(tmp_path: Path) -> None:
    asked = info(cursors={"timeline:emploi": {"until": "2026-11-01"}}, left_out=("robots",))
    write(tmp_path, STORM, asked)
    assert Vault(tmp_path).runs() == [asked]
    assert Vault(tmp_path).read_whole(asked).ended == "complete"


def test_the_file_is_sound_warc_for_other_tools(tmp_path: Path) -> None:
    path = write(tmp_path, [*STORM, attempt("/c", body=LONG)])
    check = Checker(type("Options", (), {"verbose": False, "inputs": [str(path)]})())
    check.process_all()
    assert check.exit_value == 0


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = write(tmp_path / "one", STORM), write(tmp_path / "two", STORM)
    assert first.read_bytes() == second.read_bytes()


def test_an_identical_answer_is_kept_once_and_found_again_across_runs(tmp_path: Path) -> None:
    write(tmp_path, [attempt(body=LONG), attempt("/b", body=LONG)])
    later = info("r2", hours=24)
    path = write(tmp_path, [attempt("/c", body=LONG)], later)
    with path.open("rb") as file:
        assert [record.rec_type for record in ArchiveIterator(file)] == ["warcinfo", "revisit", "metadata"]
    assert replayed(tmp_path, [attempt("/c", body=LONG)], later)[0].body == LONG
    assert replayed(tmp_path, [attempt("/b", body=LONG)])[0].body == LONG


def test_an_answer_whose_first_capture_was_lost_is_an_error(tmp_path: Path) -> None:
    first = write(tmp_path, [attempt(body=LONG)])
    later = info("r2", hours=24)
    write(tmp_path, [attempt("/c", body=LONG)], later)
    first.unlink()
    with pytest.raises(UsageError, match=r"r2\.warc\.gz, record 2"):
        replayed(tmp_path, [attempt("/c", body=LONG)], later)


def test_runs_come_by_their_clock(tmp_path: Path) -> None:
    write(tmp_path, [], info("b", hours=1))
    write(tmp_path, [], info("a", hours=2))
    assert [run.run_id for run in Vault(tmp_path).runs()] == ["b", "a"]


def _damages() -> list[tuple[str, Callable[[bytes, int], bytes]]]:
    return [
        ("cut", lambda data, at: data[:at]),
        ("flipped", lambda data, at: data[:at] + bytes([data[at] ^ 0x40]) + data[at + 1 :]),
    ]


def _told(folder: Path) -> UsageError | None:
    try:
        served = replayed(folder, STORM)
    except UsageError as error:
        return error
    assert served == STORM
    return None


@pytest.mark.parametrize(("how", "damage"), _damages())
def test_damage_at_any_byte_is_told_with_file_and_record_and_never_served(
    tmp_path: Path, how: str, damage: Callable[[bytes, int], bytes]
) -> None:
    path = write(tmp_path, STORM)
    whole = path.read_bytes()
    harmless = []
    for at in range(0, len(whole), 3):
        path.write_bytes(damage(whole, at))
        told = _told(tmp_path)
        if told is None:
            harmless.append(at)  # bits of no meaning: gzip time stamps and trailers
        else:
            assert re.search(r"r1\.warc\.gz: .* at record \d+", told.en)
            assert "enregistrement" in told.fr
    if how == "cut":
        assert all(at > len(whole) - 20 for at in harmless)
    else:
        assert len(harmless) < len(whole) / 3 / 4


def test_a_cut_run_serves_what_was_whole_and_goes_on_in_a_new_file(tmp_path: Path) -> None:
    path = write(tmp_path, STORM, status=None)
    path.write_bytes(path.read_bytes()[:-60])
    damaged = path.read_bytes()
    vault = Vault(tmp_path)
    assert vault.cut_runs("ville.test") == [info()]
    tape = Tape(vault, vault.read(info()), vault.writer(info()))
    served = [tape.recorded(one.fingerprint, tape.next_ordinal(one.fingerprint), one.url) for one in STORM]
    assert served == [*STORM[:4], None]
    tape.keep(STORM[4])
    tape.end("complete", CLOCK)
    assert path.read_bytes() == damaged
    assert replayed(tmp_path, STORM) == STORM
    assert Vault(tmp_path).cut_runs("ville.test") == []


def test_a_file_cut_within_its_first_record_does_not_stop_the_next_run(tmp_path: Path) -> None:
    (tmp_path / "r0.warc.gz").write_bytes(b"\x1f\x8b")
    assert Vault(tmp_path).cut_runs("ville.test") == []
    with pytest.raises(UsageError, match="r0"):
        Vault(tmp_path).runs()


def test_a_replay_never_makes_up_an_answer_and_says_what_it_did_not_ask_for(tmp_path: Path) -> None:
    write(tmp_path, STORM)
    vault = Vault(tmp_path)
    tape = Tape(vault, vault.read_whole(info()), None)
    with pytest.raises(PasserelleError, match="/nowhere"):
        tape.recorded("/nowhere", tape.next_ordinal("/nowhere"), "https://ville.test/nowhere")
    tape.recorded("/a", tape.next_ordinal("/a"), "https://ville.test/a")
    assert tape.unused() == ["https://ville.test/a"] * 3 + ["https://ville.test/b"]


def test_only_the_headers_that_spiders_need_are_kept() -> None:
    headers = {"link": [b"<x>"], "set-cookie": [b"s=1"], "authorization": [b"Bearer x"], "x-ratelimit-limit": [b"300"]}
    assert kept_headers(headers) == (("link", "<x>"), ("x-ratelimit-limit", "300"))


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("<https://v.test/é>".encode(), "<https://v.test/%C3%A9>"),
        (b"<https://v.test/\xe9>", "<https://v.test/%C3%A9>"),
        ("a\u2028\x85\x00\tb\x7f".encode(), "a%E2%80%A8%C2%85%00%09b%7F"),
        (b' "x; y" %41 ', '"x; y" %41'),
        (b"", ""),
    ],
)
def test_a_header_of_any_bytes_comes_back_as_it_was_kept(tmp_path: Path, value: bytes, kept: str) -> None:
    headers = kept_headers({"link": [value], "date": [value, b"another"]})
    assert headers == (("date", kept), ("link", kept))
    answer = attempt(headers=headers)
    write(tmp_path, [answer])
    assert replayed(tmp_path, [answer]) == [answer]


def test_several_links_are_one_list_and_of_other_headers_the_first_counts() -> None:
    headers = kept_headers({"link": [b"<a>", b"<b>"], "retry-after": [b"5", b"7"]})
    assert headers == (("link", "<a>, <b>"), ("retry-after", "5"))
