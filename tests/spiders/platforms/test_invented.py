"""The places that no platform of the catalogue fills: a session, POST, XML, HTML, limits and headers of its own."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from passerelle.records import CoverageRecord, PostRecord
from tests.spiders.crawling import KEEP, REPOSITORY, Crawled, campaign_file
from tests.spiders.kept import hand_on
from tests.spiders.odd_server import Given, OddServer

INVENTED = "tests.spiders.platforms.invented"
CLOCK = "2026-11-22T06:00:00Z"
SECRETS = ("the-word", "bearer-1", "bearer-2", "again-1", "again-2")
PAGES: dict[str, tuple[list[str], str | None]] = {"": (["a", "b"], "two"), "two": (["c"], None)}
HTML = (
    "<html><body><article id=a>Bonjour</article><ul><li id=r by=ben at=2026-11-20T09:00:00Z>Été &amp; merci</li></ul>"
)
FEED = (
    '<?xml version="1.0" encoding="iso-8859-1"?><feed xmlns="http://www.w3.org/2005/Atom"><entry><id>h</id>'
    "<updated>2026-11-01T08:00:00Z</updated><author><name>ana</name></author><content>déjà là</content></entry></feed>"
)
Crawl = Callable[..., Crawled]


class Gazette:
    """Its server: a token is over after the first page that it showed."""

    def __init__(self) -> None:
        self.log: list[tuple[str, str]] = []
        self.num_given = 0
        self.word = "the-word"
        self.is_over = self.lasts = False
        self.pages: dict[str, tuple[list[str], str | None]] = PAGES
        self.searched: list[str] = []

    def serve(self, path: str, query: dict[str, str], base: str) -> Given:
        bearer = self.server.log[-1][2].get("Authorization", "").removeprefix("Bearer ")
        self.log.append((path, bearer))
        if path == "/login" and query["word"] != self.word:
            return 401, {}, {"error": "wrong word"}
        if path in ("/login", "/renew"):
            self.num_given += 1
            self.is_over = False
            return 200, {}, {"bearer": f"bearer-{self.num_given}", "again": f"again-{self.num_given}"}
        if path == "/search":
            return self._search(query, bearer)
        pages = {"/post/a": ({"Content-Type": "text/html"}, HTML.encode()), "/people/ana.xml": ({}, FEED.encode("l1"))}
        return (200, *pages[path]) if path in pages else None

    def _search(self, query: dict[str, str], bearer: str) -> Given:
        self.searched.append(query.get("after", ""))
        if bearer != f"bearer-{self.num_given}":
            return 401, {}, {"error": "sign in"}
        if self.is_over:
            return 400, {}, {"error": "Over"}
        self.is_over = not self.lasts
        ids, after = self.pages[query.get("after", "")]
        posts = [
            {"id": one, "by": "ana", "at": "2026-11-20T08:00:00Z", "text": one, "tags": ["Entraide"]} for one in ids
        ]
        headers = {"X-Gazette": "kept", "X-Else": "not", "X-Gazette-Limit-Limit": "9", "X-Gazette-Limit-Remaining": "0"}
        return 200, {**headers, "X-Gazette-Limit-Reset": "40"}, {"posts": posts, "after": after}

    def running(self) -> OddServer:
        self.server = OddServer(self.serve)
        return self.server


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    def crawled(
        *words: str,
        lake: str = "lake",
        collect: str = "",
        budget: str = "",
        holds: str = "ana:the-word",
        settings: Sequence[str] = (KEEP,),
    ) -> Crawled:
        source = f'token_variable = "GAZETTE"\n{budget}'
        campaign = campaign_file(tmp_path, "gazette.test", "Entraide", source=source, collect=collect, kind="gazette")
        command = [
            sys.executable,
            "-m",
            INVENTED,
            "--campaign",
            str(campaign),
            "--lake",
            str(tmp_path / lake),
            "--json",
        ]
        env = {**os.environ, "PASSERELLE_KEY": "ab" * 32, "LANG": "C", "GAZETTE": holds}
        command += [word for setting in (*settings, f"SPIDER_MODULES={INVENTED}") for word in ("-s", setting)]
        done = subprocess.run([*command, *words], env=env, cwd=REPOSITORY, capture_output=True, text=True, timeout=120)
        told = [json.loads(line) for line in done.stdout.splitlines()]
        path = tmp_path / lake / "staging" / told[-1]["run_id"] / "stats.json" if told else None
        verdict = json.loads(path.read_text("utf-8")) if path else {}
        return Crawled(done.returncode, done.stderr, verdict, tmp_path / lake)

    return crawled


def test_posts_by_post_in_a_session_comments_in_html_and_histories_in_xml(crawl: Crawl, tmp_path: Path) -> None:
    gazette = Gazette()
    with gazette.running() as server:
        done = crawl("--connect", server.address, "--clock", CLOCK)
    assert (done.code, done.err.count("waiting 40 s (rate limit)")) == (0, 2), done.err
    texts = {one.post.rpartition("/")[2]: one.text for one in done.records if isinstance(one, PostRecord)}
    assert texts == {"a": "a", "b": "b", "c": "c", "r": "Été & merci", "h": "déjà là"}
    assert [path for path, _ in gazette.log if path in ("/login", "/renew")] == ["/login", "/renew"]
    assert [bearer for path, bearer in gazette.log if path == "/search"] == ["bearer-1", "bearer-1", "bearer-2"]
    assert ("/renew", "again-1") in gazette.log
    lists = {(one.scope, one.reason) for one in done.records if isinstance(one, CoverageRecord)}
    assert {("timeline", None), ("thread", "gone"), ("history", None)} <= lists

    [file] = (tmp_path / "lake" / "vault").rglob("*.warc.gz")
    kept = gzip.decompress(file.read_bytes()).lower()
    assert not [secret for secret in SECRETS if secret.encode() in kept]
    assert (b"x-gazette: kept" in kept, b"x-else" in kept) == (True, False)

    for lake in ("first", "second"):
        again = crawl("--replay", str(tmp_path / "lake" / "vault"), lake=lake, holds="")
        assert (again.code, again.records) == (done.code, done.records), again.err


def test_a_list_by_post_that_was_cut_goes_on_from_where_it_was(crawl: Crawl) -> None:
    gazette = Gazette()
    with gazette.running() as server:
        for clock, most in ((CLOCK, 1), ("2026-11-22T07:00:00Z", 9)):
            collect = f"max_pages = {most}\nhistory_days = 0"
            done = crawl("--connect", server.address, "--clock", clock, collect=collect, settings=())
            assert done.code == 0, done.err
    # the second run sees that nothing is newer, then asks for what the first left out: again, once its token is over
    assert gazette.searched == ["", "", "two", "two"]


def test_what_may_be_spent_a_day_is_counted_over_runs_and_the_rest_is_asked_on_another(
    crawl: Crawl, tmp_path: Path
) -> None:
    gazette, told = Gazette(), []
    gazette.lasts, gazette.pages = True, {"": (["a"], "2"), "2": (["b"], "3"), "3": (["c"], None)}
    settings = {"collect": "history_days = 0\nthreads = false", "budget": "budget = {searches = 2}"}
    with gazette.running() as server:
        for clock in ("2026-11-22T06:00:00Z", "2026-11-22T07:30:00Z", "2026-11-22T08:30:00Z"):  # midnight there is at 8
            done = crawl("--connect", server.address, "--clock", clock, **settings)
            told.append((done.code, len(gazette.searched), coverage(done)))
            hand_on(done.lake, done.verdict["run_id"])
    assert told == [
        (4, 2, [("timeline", 2, "budget")]),
        (4, 2, [("timeline", 0, "budget")]),
        (0, 4, [("timeline", 2, None)]),
    ]
    assert gazette.searched == ["", "2", "", "3"]
    again = crawl("--replay", str(tmp_path / "lake" / "vault"), lake="replayed", **settings, holds="")
    assert (again.code, again.records) == (4, done.records), again.err
    line = "gazette.test: 2 of 2 searches are spent; collect again after 2026-11-22T08:00+00:00, it goes on from there"
    assert again.err.count(line) == 2


def coverage(done: Crawled) -> list[tuple[str, int, str | None]]:
    told = [(one.scope, one.got, one.reason) for one in done.records if isinstance(one, CoverageRecord)]
    return [one for one in told if one[0] == "timeline"]


@pytest.mark.parametrize(
    ("holds", "line"),
    [
        ("", "the environment variable GAZETTE (token_variable) is empty; put name:word there"),
        ("ana", "the environment variable GAZETTE (token_variable) does not hold name:word"),
        (
            "ana:wrong",
            "gazette.test does not accept what GAZETTE (token_variable) holds (HTTP 401); put name:word there",
        ),
    ],
)
def test_a_login_that_cannot_be_used_is_said_in_one_line(crawl: Crawl, holds: str, line: str) -> None:
    with Gazette().running() as server:
        done = crawl("--connect", server.address, "--clock", CLOCK, holds=holds)
    assert (done.code, line in done.err, "Traceback" in done.err) == (2, True, False), done.err
