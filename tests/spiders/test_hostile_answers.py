"""Each fault that a server can have, on each format of answers, over the wire: it costs the answer that has it.

The run ends by itself, in bounded memory and time; what other answers hold is kept; the thread is not called complete,
and one line says why. Frames of streams have `test_hostile_stream.py`; whole lists that never end stand below.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from passerelle.records import CoverageRecord, PostRecord
from tests.spiders.crawling import CLOCK, KEEP, Crawled, campaign_file, crawl
from tests.spiders.hostile_faults import ANY, HARMLESS, OWN
from tests.spiders.hostile_server import Fault, Healthy, HostileServer, Wire
from tests.spiders.hostile_worlds import FORMATS, HTML

SETTINGS = (KEEP, "DOWNLOAD_MAXSIZE=2000000", "PASSERELLE_MAX_ATTEMPTS=1")
COLLECT = "homes = false\nreposters = false\nhistory_days = 0\nfirst_days = 3650\ntimeout_seconds = 1"


class Struck(NamedTuple):
    """A crawl of a world, each second answer of which has a fault; threads by the name of their post."""

    done: Crawled
    server: HostileServer
    threads: dict[str, CoverageRecord]
    answers: dict[str, PostRecord]


@pytest.fixture(scope="module", params=FORMATS)
def struck(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Struck:
    folder, form = tmp_path_factory.mktemp(request.param), FORMATS[request.param]
    faults = {**ANY, **OWN[request.param], **{f"harmless-{n}": one for n, one in HARMLESS[request.param].items()}}
    names = [name for fault in faults for name in (f"ok-{fault}", fault)]
    places = {form.place(place, name): faults[name] for place, name in enumerate(names) if name in faults}
    with HostileServer(form.pages(names), places) as server:
        is_here = form.kind == "mastodon"
        campaign = campaign_file(
            folder, server.address if is_here else "carnet.test", "i4emploi", collect=COLLECT, kind=form.kind
        )
        words = ("--clock", CLOCK.isoformat(), *(() if is_here else ("--connect", server.address)))
        done = crawl(campaign, folder / "lake", *words, settings=SETTINGS)
    threads = {
        one.subject.rstrip("/").rpartition("/")[2]: one
        for one in done.records
        if isinstance(one, CoverageRecord) and one.scope == "thread"
    }
    answers = {
        one.post.replace("/#comment-1", "").rpartition("/")[2]: one
        for one in done.records
        if isinstance(one, PostRecord) and one.reply_to
    }
    return Struck(done, server, threads, answers)


def test_the_run_ends_by_itself_and_says_in_one_line_each_what_is_not_whole(struck: Struck) -> None:
    assert (struck.done.code, struck.done.verdict["outcome"]) == (4, "partial"), struck.done.err
    told = [line for line in struck.done.err.splitlines() if "waiting" not in line]
    assert [line for line in told if "not read to the end" not in line] == [], "no line of a library's, no traceback"
    lost = sum(not one.complete for one in struck.threads.values())
    assert lost == sum(
        int(line.rpartition("threads not read to the end: ")[2].split()[0]) for line in told if "threads" in line
    )


def test_what_other_answers_hold_is_kept_and_their_threads_are_whole(struck: Struck) -> None:
    healthy = {name for name in struck.threads if name.startswith("ok-")}
    assert len(healthy) >= len(ANY)
    assert healthy <= struck.answers.keys()
    assert {struck.threads[name].complete for name in healthy} == {True}


def test_a_thread_whose_answer_has_a_fault_is_not_called_whole(struck: Struck) -> None:
    faulty = {n: one for n, one in struck.threads.items() if not n.startswith(("ok-", "harmless-"))}
    assert set(ANY) <= faulty.keys()
    assert {n for n, one in faulty.items() if one.complete or not one.reason} == set()
    assert faulty.keys() & struck.answers.keys() == set()


def test_a_fault_that_can_be_read_around_costs_itself_only(struck: Struck) -> None:
    harmless = {name for name in struck.threads if name.startswith("harmless-")}
    assert harmless
    assert {name for name in harmless if name not in struck.answers} == set()
    words = "".join(one.text for one in struck.answers.values())
    assert ("root:" in words, words.count("lol") < 1_000) == (False, True)


def test_nothing_inside_is_reached_nothing_is_asked_for_without_end(struck: Struck) -> None:
    assert struck.server.asked.keys() & {"/secret", "/latest/meta-data/", "/etc/passwd"} == set()
    assert max(struck.server.asked.values()) <= 8


def paged(text: str) -> Fault:
    """A list that goes on at ever new addresses; ``{n}`` is their number."""

    def go_on(wire: Wire) -> None:
        number = int(wire.path.strip("/").rpartition("-")[2]) if "-" in wire.path else 1
        wire.send(wire.healthy.body.replace(b"<!--more-->", text.replace("{n}", str(number + 1)).encode()), kind=HTML)

    return go_on


NEXT = '<link rel="next" href="http://carnet.test/{place}"/>'
ENDLESS = {
    "xml": ("/atom.xml", "/more-{n}", NEXT.replace("{place}", "more-{n}")),
    "xml to itself": ("/atom.xml", "", NEXT.replace("{place}", "atom.xml")),
    "html": (
        "/p/one/",
        "/p/one/comment-page-{n}/",
        '<nav id="comments"><a href="/p/one/comment-page-{n}/">x</a></nav>',
    ),
    "html to itself": ("/p/one/", "", '<nav id="comments"><a href="/p/one/comment-page-1/">x</a></nav>'),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_a_list_that_never_ends_is_left_and_said(name: str, tmp_path: Path) -> None:
    place, later, text = ENDLESS[name]
    pages = FORMATS[name.partition(" ")[0]].pages(["one", "two"])
    pages = {path: Healthy(_with_place_for_more(page.body), page.kind) for path, page in pages.items()}
    more = [later.replace("{n}", str(number)) for number in range(1, 40)] if later else ["/p/one/comment-page-1/"]
    pages |= dict.fromkeys(more, pages[place])
    with HostileServer(pages, dict.fromkeys([place, *more], paged(text))) as server:
        campaign = campaign_file(
            tmp_path, "carnet.test", "i4emploi", collect=f"{COLLECT}\nmax_pages = 6", kind="weblog"
        )
        words = ("--clock", CLOCK.isoformat(), "--connect", server.address)
        done = crawl(campaign, tmp_path / "lake", *words, settings=SETTINGS)
        assert sum(server.asked.values()) < 130
    assert done.code in (0, 4), done.err
    posts = {record.post for record in done.records if isinstance(record, PostRecord)}
    assert {"http://carnet.test/p/one/", "http://carnet.test/p/two/"} <= posts
    scope = "timeline" if name.startswith("xml") else "thread"
    shown = [one for one in done.records if isinstance(one, CoverageRecord) and one.scope == scope]
    assert {one.complete for one in shown} >= {False} if later else shown


def _with_place_for_more(body: bytes) -> bytes:
    return body.replace(b"</feed>", b"<!--more--></feed>") if b"</feed>" in body else body + b"<!--more-->"
