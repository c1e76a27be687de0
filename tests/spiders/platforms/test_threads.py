"""Threads: what its answers mean, on our recording and, where it is present, on the invented pack beside us."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from passerelle.records import CoverageRecord, DeletionRecord, PostRecord, Record
from tests.spiders.crawling import Crawled, campaign_file, crawl
from tests.spiders.kept import state_of
from tests.spiders.odd_server import Given
from tests.spiders.platforms import packs, replaying

HOST = "graph.threads.com"
CANARY = "canary-7f3a-of-threads"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    return replaying.collect(replaying.read("threads"), tmp_path_factory.mktemp("site"))


def coverage(done: Crawled, scope: str) -> dict[str, tuple[int, str | None]]:
    told = (one for one in done.records if isinstance(one, CoverageRecord) and one.scope == scope)
    return {one.subject.removeprefix("threads:"): (one.got, one.reason) for one in told}


def refusal(status: int, code: int, **more: Any) -> Given:
    """A refusal as the API words it."""
    return status, {}, {"error": {"message": "…", "type": "OAuthException", "code": code, "fbtrace_id": "A", **more}}


def our_name(told: Mapping[str, Any]) -> str:
    """A person of the pack."""
    return f"threads:{told['author']}"


PACK = packs.Pack("threads", HOST, "2026-09-15T00:00:00Z", account=our_name, post=lambda name: f"threads:{name}")
OWN = "18000000000000050"
EXCEPTIONS = {
    "own_posts": "of a run of its own, which says that it is no sample",
    "coverage timeline i4emploi reason": "search: that is said in one word",
    "coverage thread 18000000000000050 reason": "missing_replies: one word for it",
    "coverage thread 18000000000000050 of": "which one is no field of ours",
    "coverage thread 18000000000000001 reason": "not_offered: of another person's post, for which nobody asks in vain",
    "refused 18000000000000001": "the post is shown, what answers it is not",
}


@pytest.mark.skipif(not packs.FOLDER.is_dir(), reason="the packs of platforms are not beside the repository")
def test_the_invented_pack_comes_out_as_it_must(tmp_path: Path) -> None:
    whole, own = PACK.recording(), PACK.recording()
    [page] = [
        key
        for key in whole.exchanges
        if "keyword_search" in key and "after" not in key and "since" in key and "z=" not in key
    ]
    del whole.exchanges[page][1:]  # of tokens that are over
    [unseen] = [key for key in own.exchanges if "keyword_search" in key and "since" not in key and "i4emploi" in key]
    own.exchanges[page] = own.exchanges[unseen]
    me = replaying.key_of(f"https://{HOST}/v1.0/me?fields=id,username")
    for recording in (whole, own):
        recording.exchanges[me] = [(200, {}, {"id": "7", "username": "moi.exemple"})]
    first = replaying.collect(whole, tmp_path / "whole", first_days=14)
    second = replaying.collect(own, tmp_path / "own", first_days=14)
    records: list[Record] = [*first.records]
    records += [one for one in second.records if not isinstance(one, CoverageRecord) or one.scope == "thread"]
    print(PACK.differences(records))
    assert PACK.differences(records).keys() == EXCEPTIONS.keys()
    assert (first.code, second.code) == (0, 4), (first.err, second.err)
    assert coverage(second, "timeline") == {"i4emploi": (1, "refused")}
    assert "threads_keyword_search" in second.err


def test_posts_quotes_and_reposts_of_a_tag(done: Crawled) -> None:
    posts = {one.post[-2:]: one for one in done.records if isinstance(one, PostRecord)}
    assert posts["01"].author == "threads:ana.invente", "whatever the letter case"
    assert posts["01"].hashtags == ("Entraide", "bois")
    assert (posts["02"].quote_of, posts["02"].quote_of_author) == (posts["01"].post, posts["01"].author)
    assert (posts["04"].repost_of, posts["04"].text, posts["04"].author) == (
        "threads:17900000000000009",
        "",
        "threads:ana.invente",
    )
    assert "03" not in posts, "a look-alike"
    assert "23" not in posts, "hidden by the owner of the thread"
    assert [one.account for one in posts["22"].mentions] == ["threads:tim.invente"]
    assert (posts["05"].has_media, posts["01"].has_media) == (True, False)


def test_only_the_owners_threads_are_asked_for_and_no_history_is_whole(done: Crawled) -> None:
    threads = coverage(done, "thread")
    assert threads == {"17900000000000005": (3, None), "17900000000000001": (0, "not_offered")}
    assert set(coverage(done, "history").values()) == {(3, "without_replies"), (1, "without_replies"), (0, "refused")}


def test_nothing_is_known_to_be_gone(done: Crawled, tmp_path: Path) -> None:
    recording = replaying.read("threads")
    page = next(key for key in recording.exchanges if "keyword_search" in key)
    state = state_of(done.lake, done.verdict["run_id"])
    empty = page.replace("since=1017122400", "since=1794636000").replace("until=1794722400", "until=1795160400")
    recording.exchanges[empty] = [(200, {}, {"data": []})]
    for status in (400, 404):
        for native in state.posts:
            key = replaying.key_of(
                f"https://{HOST}/v1.0/{native}?fields={page.partition('fields=')[2].partition('&')[0]}"
            )
            recording.exchanges[key] = [refusal(status, 100, error_subcode=33)]
        again, asked = replaying.again(done, recording, tmp_path / str(status), "2026-11-20T07:40:00Z")
        assert not [one for one in again.records if isinstance(one, DeletionRecord)]
        assert coverage(again, "timeline") == {"Entraide": (0, "search")}, "an empty search proves nothing"
        assert sum("keyword_search" in key for key in asked) == 1, asked


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (refusal(400, 190, error_subcode=463), 2, "what is there is not accepted"),
        (refusal(400, 104), 2, "put the access token of a person who uses your app in the environment variable"),
        (refusal(400, 4, is_transient=True), 4, "its limit on requests did not lift"),
        (refusal(403, 17), 4, "its limit on requests did not lift"),
        (refusal(400, 32), 4, "its limit on requests did not lift"),
        (refusal(400, 613), 4, "its limit on requests did not lift"),
        (refusal(403, 10), 2, "lacks the permission threads_keyword_search"),
        (refusal(500, 2), 4, "the server did not answer"),
    ],
)
def test_the_code_of_a_refusal_counts_not_its_status(given: Given, code: int, said: str, tmp_path: Path) -> None:
    recording = replaying.read("threads")
    page = next(key for key in recording.exchanges if "keyword_search" in key and "after" not in key)
    recording.exchanges[page] = [given]
    refused = replaying.collect(recording, tmp_path)
    assert (refused.code, said in refused.err) == (code, True), refused.err


@pytest.mark.parametrize("is_known", [True, False])
def test_a_search_of_the_owners_posts_only_is_no_sample(is_known: bool, tmp_path: Path) -> None:
    recording = replaying.read("threads")
    pages = [key for key in recording.exchanges if "keyword_search" in key]
    own = [one for key in pages for one in recording.exchanges[key][0][2]["data"] if one["username"] == "moi.invente"]
    for key in pages:
        recording.exchanges[key] = [(200, {}, {"data": own})]
    if not is_known:
        del recording.exchanges[next(key for key in recording.exchanges if "/me?" in key)]
    done = replaying.collect(recording, tmp_path)
    assert (done.code, coverage(done, "timeline")) == (4, {"Entraide": (1, "refused")})
    assert "lacks the permission threads_keyword_search" in done.err
    assert state_of(done.lake, done.verdict["run_id"]).cursors == {}, "once it is granted all is asked for"


def test_the_token_is_sent_and_nowhere_kept_or_said(tmp_path: Path) -> None:
    """The canary of `promises.md`: the API's own answers name the next page by an address that holds the token."""
    recording = replaying.read("threads")
    sent: list[str] = []

    def echoed(key: str, body: Any) -> Any:
        sent.append(server.log[-1][1])
        paging = {**body.get("paging", {}), "previous": f"https://{HOST}{server.log[-1][1]}"}
        if "next" in paging:
            paging["next"] = paging["next"].replace("JETON", CANARY)
        return {**body, "paging": paging, "message": f"the token {CANARY} is"}

    source = 'token_variable = "CANARY"'
    campaign = campaign_file(tmp_path, HOST, "Entraide", source=source, collect="first_days = 9000", kind="threads")
    server = recording.serve(echoed)
    with server:
        words = ("--connect", server.address, "--clock", "2026-11-15T06:00:00Z")
        done = crawl(campaign, tmp_path / "lake", *words, settings=("LOG_LEVEL=DEBUG",), env={"CANARY": CANARY})
    assert done.code == 0, done.err
    assert len(sent) >= 6
    assert all(f"access_token={CANARY}" in target for target in sent)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "lake").rglob("*") if path.is_file())
    for file in (tmp_path / "lake").rglob("*.gz"):
        kept += gzip.decompress(file.read_bytes())
    assert b"previous" in kept, "the planted control"
    assert CANARY.encode() not in kept + done.err.encode()
