"""Whole crawls of servers that answer oddly: what is asked, what is said, what is kept, and that it replays."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest

from passerelle.records import CoverageRecord, PostRecord
from tests.spiders.crawling import Crawled, campaign_file, crawl, status
from tests.spiders.odd_server import Given, OddServer, Serve

TAG = "/api/v1/timelines/tag/i4emploi"
POSTS = [status(1000 - number, hours=2 + number) for number in range(95)]
ONLY = "threads = false\nreposters = false\nhistory_days = 0\nfirst_days = 3650"
QUICK = ("PASSERELLE_BACKOFF_SECONDS=0.2", "PASSERELLE_LIMIT_BACKOFF_SECONDS=1.0")
KEEP = 'ITEM_PIPELINES={"tests.spiders.kept.KeepRecords": 1}'
Run = Callable[..., Crawled]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Crawl a server; with `replay`, its vault must then give the same records without it.

    `waits` are real where the server's log is to show them, else they pass at once.
    """

    def crawled(
        server: OddServer,
        *,
        collect: str = ONLY,
        source: str = "",
        replay: bool = False,
        waits: bool = False,
        **env: str,
    ) -> Crawled:
        campaign = campaign_file(tmp_path, server.address, "i4emploi", collect=collect, source=source)
        words = () if waits else ("--clock", "2026-11-22T06:00:00Z")
        done = crawl(campaign, tmp_path / "lake", *words, settings=(*QUICK, KEEP), env=env)
        if replay:
            num_asked, vault = len(server.log), str(tmp_path / "lake" / "vault")
            again = crawl(campaign, tmp_path / "again", "--replay", vault, settings=(KEEP,))
            assert (again.records, len(server.log)) == (done.records, num_asked)
        return done

    return crawled


def timeline(give: Callable[[dict[str, str], str], Given]) -> Serve:
    """A server that has nothing but the hashtag timeline."""
    return lambda path, query, base: give(query, base) if path == TAG else None


def page(query: dict[str, str], size: int = 40) -> list[dict[str, Any]]:
    return [post for post in POSTS if int(post["id"]) < int(query.get("max_id", 10**9))][:size]


def posts(done: Crawled) -> int:
    return len({record.post for record in done.records if isinstance(record, PostRecord)})


def coverage(done: Crawled) -> list[tuple[bool, str | None]]:
    return [(one.complete, one.reason) for one in done.records if isinstance(one, CoverageRecord)]


# --- ends of lists


@pytest.mark.parametrize("target", ["http://localhost:8080{path}", "https://social.ville.example{path}"])
def test_our_token_goes_to_no_host_that_a_link_names(run: Run, target: str) -> None:
    def give(query: dict[str, str], base: str) -> Given:
        items = page(query)
        link = f'<{target.format(path=TAG)}?limit=40&max_id={items[-1]["id"]}>; rel="next"' if items else ""
        return 200, {"Link": link} if link else {}, items

    with OddServer(timeline(give)) as server:
        done = run(server, source='token_variable = "TOKEN"', TOKEN="s3")  # noqa: S106
        assert (posts(done), coverage(done), done.code) == (95, [(True, None)], 0)
        shown = {(target == "/robots.txt", headers.get("Authorization")) for _, target, headers in server.log}
        assert shown == {(True, None), (False, "Bearer s3")}  # rules are read as everybody reads them


@pytest.mark.parametrize(
    "links",
    [
        ['<{base}/wp-json/>; rel="https://api.w.org/"', "</style.css>; rel=preload; as=style; crossorigin"],
        ['<{base}{path}?min_id={first}>; rel="next"', '<{base}{path}?max_id={last}>; rel="prev"'],
        ["<https://elsewhere.test/feed?page=2>; rel=next"],
        ['<{base}{path}?max_id={last}>; rel="next'],
    ],
    ids=["of another kind", "exchanged", "to another list", "cut"],
)
def test_max_id_leads_on_where_links_do_not(run: Run, links: list[str]) -> None:
    def give(query: dict[str, str], base: str) -> Given:
        items = page(query)
        words = {"base": base, "path": TAG, "first": items[0]["id"], "last": items[-1]["id"]} if items else {}
        return 200, {"Link": [link.format(**words) for link in links]} if items else {}, items

    with OddServer(timeline(give)) as server:
        done = run(server)
        assert (posts(done), coverage(done), done.code) == (95, [(True, None)], 0)


def test_a_list_whose_end_nobody_knows_is_not_complete_and_the_run_says_so(run: Run) -> None:
    def give(query: dict[str, str], base: str) -> Given:
        return 200, {"Link": "<https://elsewhere.test/feed?page=2>; rel=next"}, page(query)

    with OddServer(timeline(give)) as server:
        done = run(server)
        assert (posts(done), coverage(done), done.code) == (95, [(False, "end_unknown")], 4)
        assert "not read to the end: 1 (the server does not tell where they end)" in done.err


@pytest.mark.parametrize("encoded", ["é".encode(), b"\xe9", "é\u2028\x85".encode()], ids=["UTF-8", "Latin-1", "breaks"])
def test_raw_bytes_in_headers_cost_nothing_and_replay(run: Run, encoded: bytes) -> None:
    def give(query: dict[str, str], base: str) -> Given:
        items = page(query)
        link = b'<?limit=40&max_id=%s&q=%s>; rel="next"; title="%s"' % (items[-1]["id"].encode(), encoded, encoded)
        odd: dict[str, Any] = {"X-RateLimit-Limit": encoded, "Content-Type": b"application/json; x=" + encoded}
        odd |= {"Retry-After": encoded, "Server": encoded, "Date": encoded, "Content-Disposition": encoded}
        return 200, odd | ({"Link": link} if items else {}), items

    def bare(query: dict[str, str], base: str) -> Given:
        return give(query, base) if page(query) else (200, {}, [])

    with OddServer(timeline(bare)) as server:
        done = run(server, replay=True)
        assert (posts(done), coverage(done), done.code) == (95, [(True, None)], 0)


# --- bodies and heads


@pytest.mark.parametrize("coat", ["two members", "br", "a mark before it"])
def test_bodies_are_read_however_they_come(run: Run, coat: str) -> None:
    def give(query: dict[str, str], base: str) -> Given:
        plain = json.dumps(page(query)).encode()
        if coat == "br":
            return 200, {"Content-Encoding": "br"}, brotli.compress(plain)
        if coat == "two members":
            return 200, {"Content-Encoding": "gzip"}, gzip.compress(plain[:9]) + gzip.compress(plain[9:])
        return 200, {}, b"\xef\xbb\xbf" + plain

    with OddServer(timeline(give)) as server:
        assert posts(run(server, replay=True)) == 95


def test_bytes_that_are_no_text_cost_their_own_words_only(run: Run) -> None:
    def give(query: dict[str, str], base: str) -> Given:
        return 200, {}, json.dumps(page(query)).encode().replace(b"bonjour", b"caf\xe9", 1)

    with OddServer(timeline(give)) as server:
        done = run(server, replay=True)
        assert (posts(done), done.code) == (95, 0)
        assert sum("caf\ufffd" in record.text for record in done.records if isinstance(record, PostRecord)) >= 1


@pytest.mark.parametrize(
    ("headers", "word"),
    [
        ({"Content-Encoding": "compress"}, "encoding: "),
        ({f"X-{number}": "x" * 100 for number in range(600)}, "too_large: "),
        ({f"X-{number}": "x" * 9000 for number in range(20)}, "too_large: "),
        ({"X-Long": "x" * 20_000}, "too_large: "),
    ],
    ids=["an unknown coat", "too many lines", "too many bytes", "too long a line"],
)
def test_what_cannot_be_read_is_named_and_not_asked_for_again(run: Run, headers: dict[str, str], word: str) -> None:
    with OddServer(lambda path, query, base: (200, headers, {}) if path == "/robots.txt" else None) as server:
        done = run(server)
        assert done.code == 1
        assert f"{server.address} does not answer ({word}" in done.err
        assert len(server.log) == 1


# --- what to do


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ((401, {}, {"error": "This method requires an authenticated user"}), 2, "wants a token (HTTP 401)"),
        ((422, {}, {"error": "This method requires an authenticated user"}), 2, "wants a token (HTTP 422)"),
        ((403, {}, {"error": "This API requires an authenticated user"}), 2, "wants a token (HTTP 403)"),
        ((403, {}, b"<html>Forbidden</html>"), 2, "protects its timelines (HTTP 403)"),
        ((404, {}, {}), 1, "may not speak the Mastodon API"),
        ((301, {"Location": "https://social.ville.example/x"}, b""), 2, 'write host = "social.ville.example"'),
        ((308, {"Location": "//social.ville.example:8443/x"}, b""), 2, 'write host = "social.ville.example:8443"'),
        ((301, {}, b""), 1, "shows no hashtag timeline (HTTP 301)"),
        ((301, {"Location": "http://[::1"}, b""), 1, "shows no hashtag timeline (HTTP 301)"),
        ((302, {"Location": "/login"}, b""), 2, "wants a token (HTTP 302)"),
        ((303, {"Location": "https://sso.ville.example/auth/sign_in?back=/"}, b""), 2, "wants a token (HTTP 303)"),
        ((302, {"Location": "/elsewhere"}, b""), 1, "shows no hashtag timeline (HTTP 404)"),
        ((200, {}, {"error": "This method requires an authenticated user"}), 2, "wants a token (HTTP 200)"),
        ((400, {}, {"error": "invalid_request", "error_description": "Access token missing"}), 2, "wants a token"),
        ((404, {}, b'<html><a href="/login">Log in</a></html>'), 1, "may not speak the Mastodon API"),
        ((451, {}, {"error": "Blocked"}), 2, "withholds this timeline for legal reasons (HTTP 451)"),
        ((302, {"Location": TAG}, b""), 1, "shows no hashtag timeline (HTTP 302)"),
        ((200, {"Content-Type": "text/html"}, b"<!DOCTYPE html>"), 4, "HTML instead of JSON"),
        ((200, {}, {"error": "soon"}), 4, "something else than the JSON of the Mastodon API (no list)"),
    ],
)
def test_a_refusal_says_what_to_do(run: Run, given: Given, code: int, words: str) -> None:
    with OddServer(timeline(lambda query, base: given)) as server:
        done = run(server)
        assert done.code == code
        assert words in done.err


@pytest.mark.parametrize(
    ("given", "reason", "words"),
    [
        ((200, {}, {"error": "This method requires an authenticated user"}), "login", "token_variable"),
        ((302, {"Location": "/auth/sign_in"}, b""), "login", "token_variable"),
        ((451, {}, b""), "legal", "for legal reasons"),
        ((403, {}, b""), "refused", "its operator may say why"),
        (None, "robots", "robots.txt forbids it; ask its operator"),
    ],
)
def test_histories_and_threads_that_are_refused_are_said_and_cost_no_source(
    run: Run, given: Given, reason: str, words: str
) -> None:
    people = [
        status(9 - n, hours=2 + n, replies_count=1, account={"id": str(n), "acct": f"a{n}", "url": f"u{n}"})
        for n in range(3)
    ]

    def serve(path: str, query: dict[str, str], base: str) -> Given:
        if path == "/robots.txt" and given is None:
            return 200, {}, b"User-agent: *\nDisallow: /api/v1/accounts/\nDisallow: /api/v1/statuses/"
        if path == TAG:
            return 200, {}, [] if query.get("max_id") else people
        return given if path.startswith(("/api/v1/accounts/", "/api/v1/statuses/")) else None

    with OddServer(serve) as server:
        done = run(server, collect="reposters = false\nhistory_days = 9\nfirst_days = 3650", replay=True)
        assert done.code == 0
        assert {one for one in coverage(done) if not one[0]} == {(False, reason)}
        assert {
            line.partition(" (")[0].rpartition(f"{server.address}: ")[2]
            for line in done.err.splitlines()
            if words in line
        } == {
            "people's timelines not read to the end: 3",
            "threads not read to the end: 3",
        }


def test_redirects_within_the_server_are_followed(run: Run) -> None:
    def serve(path: str, query: dict[str, str], base: str) -> Given:
        if path == TAG:
            return 308, {"Location": f"{base}/api/v1/moved?max_id={query.get('max_id', 10**9)}"}, b""
        return (200, {}, page(query)) if path == "/api/v1/moved" else None

    with OddServer(serve) as server:
        done = run(server, replay=True)
        assert (posts(done), done.code) == (95, 0)


# --- robots.txt


@pytest.mark.parametrize(
    ("robots", "num_redirects", "code"),
    [
        (b"User-agent: *\nDisallow: /", 3, 2),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /api/v1/timelines/", 0, 2),
        ("User-agent: passerelle\nDisallow: /*?limit=".encode("utf-16"), 1, 2),
        (b"User-agent: example\nDisallow: /", 0, 0),  # a robot whose name is in our contact's address
        (b"User-agent: *\nDisallow: /\nAllow: /api/", 2, 0),
    ],
)
def test_robots_txt_is_obeyed_for_the_very_paths(run: Run, robots: bytes, num_redirects: int, code: int) -> None:
    def serve(path: str, query: dict[str, str], base: str) -> Given:
        if path in ("/robots.txt", "/robots1", "/robots2", "/robots3"):
            number = int(path[-1]) if path[-1].isdecimal() else 0
            return (200, {}, robots) if number == num_redirects else (302, {"Location": f"/robots{number + 1}"}, b"")
        return (200, {}, page(query)) if path == TAG else None

    with OddServer(serve) as server:
        done = run(server)
        assert done.code == code
        assert bool(server.asked("/api/")) == (code == 0)


def test_robots_txt_of_another_host_is_read_without_our_token(run: Run) -> None:
    with OddServer(lambda path, query, base: (200, {}, b"User-agent: *\nDisallow: /")) as other:
        with OddServer(lambda path, query, base: (301, {"Location": f"http://{other.address}/r.txt"}, b"")) as server:
            done = run(server, source='token_variable = "TOKEN"', TOKEN="s3")  # noqa: S106
        assert (done.code, "robots.txt forbids" in done.err) == (2, True)
        assert [headers.get("Authorization") for _, _, headers in other.log] == [None]


def test_part_of_the_api_that_robots_txt_forbids_is_not_asked_for_and_not_covered(run: Run) -> None:
    def serve(path: str, query: dict[str, str], base: str) -> Given:
        if path == "/robots.txt":
            return 200, {}, b"User-agent: *\nDisallow: /api/v1/accounts/"
        return (200, {}, page(query)) if path == TAG else None

    with OddServer(serve) as server:
        done = run(server, collect="threads = false\nreposters = false\nhistory_days = 9")
        assert server.asked("/accounts/") == []
        assert (False, "robots") in coverage(done)
        assert "robots.txt forbids /api/v1/accounts" in done.err


def test_crawl_delay_is_kept_between_all_requests(run: Run) -> None:
    def serve(path: str, query: dict[str, str], base: str) -> Given:
        if path == "/robots.txt":
            return 200, {}, b"User-agent: *\nCrawl-delay: 0.5"
        return (200, {"X-RateLimit-Limit": "300"}, page(query)) if path == TAG else None

    with OddServer(serve) as server:
        assert run(server, waits=True).code == 0
        assert min(server.gaps("/")) >= 0.5


def test_we_say_who_we_are_and_where_to_write(run: Run) -> None:
    with OddServer(timeline(lambda query, base: (200, {}, page(query)))) as server:
        run(server)
        assert {headers["User-Agent"] for _, _, headers in server.log} == {
            "passerelle/0.1 (research) (contact: essai@example.test)"
        }


# --- limits


@pytest.mark.parametrize(
    "headers",
    [
        {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2020-01-01T00:00:00Z"},
        {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "-5"},
        {"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"Retry-After": "-1"},
    ],
)
def test_a_wait_that_is_over_or_makes_no_sense_backs_off(run: Run, headers: dict[str, str]) -> None:
    refusals = [429, 429, 503]

    def give(query: dict[str, str], base: str) -> Given:
        return (refusals.pop(0), headers, {}) if refusals else (200, {}, page(query, 10))

    with OddServer(timeline(give)) as server:
        assert run(server, waits=True).code == 0
        first, second, third = server.gaps("limit=40")[:3]
        assert (first >= 0.2, second >= 0.4, third >= 0.8) == (True, True, True)


def test_a_spent_limit_whose_reset_is_over_does_not_hurry(run: Run) -> None:
    stale = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2020-01-01T00:00:00Z"}
    with OddServer(timeline(lambda query, base: (200, stale, page(query)))) as server:
        assert run(server, waits=True).code == 0
        assert min(server.gaps("max_id")) >= 0.2


LEFT = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0"}


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (429, {"Retry-After": "7200"}),
        (200, {**LEFT, "X-RateLimit-Reset": "7200"}),
    ],
)
def test_a_longer_wait_than_the_longest_ends_what_is_asked_of_the_server(
    run: Run, status: int, headers: dict[str, str]
) -> None:
    def give(query: dict[str, str], base: str) -> Given:
        return (status, headers, page(query)) if "max_id" in query else (200, {}, page(query))

    with OddServer(timeline(give)) as server:
        done = run(server, replay=True)
        assert (len(server.asked("max_id")), done.code, done.verdict["waited_seconds"]) == (1, 4, 0.0)
        assert "asks for a longer wait than a crawl makes; collect again later" in done.err
        assert "not asked again in this run" in done.err
        shown = [one for one in done.records if isinstance(one, CoverageRecord) and one.scope == "timeline"]
        assert [one.reason for one in shown] == ["rate_limit"]  # nobody says that the server was down


def test_every_wait_that_makes_no_sense_backs_off_from_the_shorter_wait(run: Run) -> None:
    wrong = [{"Retry-After": value} for value in ("9" * 30, "-5", "0", "1e3", "soon", "Thu, 01 Jan 1970 00:00:00")]
    wrong += [{**LEFT, "X-RateLimit-Reset": value} for value in ("-5", "nan", "1e300", "2020-01-01T00:00:00Z")]
    left = {name: wrong[k::3] for k, name in enumerate(("", "961", "921"))}  # for each page, in turn

    def give(query: dict[str, str], base: str) -> Given:
        refused = left.get(query.get("max_id", ""))
        return (429, refused.pop(), {}) if refused else (200, {}, page(query))

    with OddServer(timeline(give)) as server:
        done = run(server, replay=True)
        assert (posts(done), done.code, list(left.values())) == (95, 0, [[], [], []])
        assert done.verdict["waited_seconds"] == pytest.approx(3.0 + 1.4 + 1.4, abs=0.1)


def test_a_limit_that_its_reset_does_not_give_back_is_waited_for_once(run: Run) -> None:
    broken = {**LEFT, "X-RateLimit-Reset": "3500"}
    with OddServer(timeline(lambda query, base: (200, broken, page(query)))) as server:
        done = run(server, replay=True)
        assert (posts(done), done.code) == (95, 0)
        assert 3500 <= done.verdict["waited_seconds"] < 3510
        said = [line for line in done.err.splitlines() if "waiting" in line]
        # though it takes many pauses: once, and every five minutes what is left
        assert said == [f"{server.address}: waiting {left} s (rate limit)" for left in range(3500, 0, -300)]


def test_what_is_waited_for_is_said_with_its_attempt_in_both_languages(run: Run) -> None:
    for tongue, line in [
        ("en", "waiting 90 s (HTTP 429, Retry-After, attempt 1 of 5)"),
        ("fr", "attente de 90 s (HTTP 429, Retry-After, essai 1 sur 5)"),
    ]:
        left = [429]

        def give(query: dict[str, str], base: str, left: list[int] = left) -> Given:
            return (left.pop(), {"Retry-After": "90"}, {}) if left else (200, {}, page(query, 10))

        with OddServer(timeline(give)) as server:
            assert line in run(server, PASSERELLE_LANG=tongue).err


@pytest.mark.parametrize(("agreed", "code"), [("", 2), ("operator_agreed = true", 0)])
def test_a_pace_that_no_crawl_can_keep_is_the_operators_to_decide(run: Run, agreed: str, code: int) -> None:
    def serve(path: str, query: dict[str, str], base: str) -> Given:
        if path == "/robots.txt":
            return 200, {}, b"User-agent: *\nCrawl-delay: 86400"
        return (200, {}, page(query)) if path == TAG else None

    with OddServer(serve) as server:
        done = run(server, source=agreed)
        assert (done.code, bool(server.asked("/api/"))) == (code, code == 0)
        assert ("asks for 86400 s between two requests" in done.err) == (code == 2)
