"""YouTube: what its answers mean, on our recording and, where it is present, on the invented pack beside us."""

from __future__ import annotations

import gzip
import re
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from passerelle.records import CoverageRecord, DeletionRecord, PostRecord
from spiders.collecting.state import CrawlState, Followed
from tests.spiders.crawling import KEEP, Crawled, campaign_file, crawl
from tests.spiders.kept import hand_on, state_of
from tests.spiders.odd_server import Given
from tests.spiders.platforms import packs, replaying


def our_name(told: Mapping[str, Any]) -> str:
    """A person of the pack; nobody known is somebody else in each comment."""
    return f"youtube:{told['author'] or told['post']}"


PACK = packs.Pack(
    "youtube", "www.googleapis.com", "2026-10-01T00:00:00Z", account=our_name, post=lambda name: f"youtube:{name}"
)
EXCEPTIONS = {
    "coverage timeline i4emploi reason": "search: the quota ends a third page that nothing leads to",
    "coverage thread exVid000002": "a look-alike: nobody asks for what is below it",
}


def with_videos(recording: replaying.Recording) -> None:
    """Any of the videos that the recording shows together, in whatever company they are asked for."""
    shown: dict[str, Any] = {}
    for key in [key for key in recording.exchanges if "/videos?" in key]:
        for status, _, body in recording.exchanges.pop(key):
            shown |= {item["id"]: item for item in body["items"]} if status == 200 else {}
    for size in range(1, 4):
        for ids in combinations([*shown, "exVid000004"], size):
            key = replaying.key_of(
                f"https://www.googleapis.com/youtube/v3/videos?part=snippet,statistics&id={','.join(ids)}"
            )
            items = [shown[one] for one in ids if one in shown]
            recording.exchanges[key] = [(200, {}, {"kind": "youtube#videoListResponse", "items": items})]


@pytest.mark.skipif(not packs.FOLDER.is_dir(), reason="the packs of platforms are not beside the repository")
def test_the_invented_pack_comes_out_as_it_must(tmp_path: Path) -> None:
    recording = PACK.recording()
    with_videos(recording)
    followed = Followed("youtube:exVid000004", "2026-09-29T00:00:00+00:00")
    done = replaying.collect(recording, tmp_path, first_days=30, state=CrawlState(followed={"exVid000004": followed}))
    assert PACK.differences(done.records).keys() == EXCEPTIONS.keys()


CLOCK = "2026-11-15T06:00:00Z"
SITE = "https://www.googleapis.com/youtube/v3"
CANARY = "canary-7f3a-of-youtube"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    return replaying.collect(replaying.read("youtube"), tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def posts(done: Crawled) -> dict[str, PostRecord]:
    return {one.post.removeprefix("youtube:"): one for one in done.records if isinstance(one, PostRecord)}


def refusal(status: int, reason: str, detail: str = "") -> Given:
    """A refusal as the API words it."""
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": detail}] if detail else []
    error = {"code": status, "message": "…", "errors": [{"message": "…", "reason": reason}], "details": details}
    return status, {}, {"error": error}


def coverage(done: Crawled, scope: str) -> dict[str, tuple[int, int | None, str | None]]:
    told = (one for one in done.records if isinstance(one, CoverageRecord) and one.scope == scope)
    return {one.subject.removeprefix("youtube:"): (one.got, one.expected, one.reason) for one in told}


def test_a_hashtag_ends_at_a_hyphen_and_a_filing_word_is_none(posts: dict[str, PostRecord]) -> None:
    assert posts["inVideo000A"].hashtags == ("Entraide", "porte")
    assert posts["inVideo000A"].text.startswith("Un emploi pour Ana & les autres\n\nRelayez")
    assert "inVideo000B" not in posts, "a look-alike"


def test_answers_beyond_five_are_asked_for_and_whom_they_answer_is_a_mention(
    done: Crawled, posts: dict[str, PostRecord]
) -> None:
    top = "UgxInvente0000000000001AaABAg"
    assert sum(name.startswith(f"{top}.") for name in posts) == 7
    assert coverage(done, "thread") == {"inVideo000A": (11, 11, None), "inVideo000C": (0, 0, None)}
    named = {name.rpartition("Inv")[2]: [one.account for one in post.mentions] for name, post in posts.items()}
    assert named["0004"] == ["youtube:UCinventeBen0000000000B"], "a handle in any case; an address of mail is none"
    assert {post.reply_to for name, post in posts.items() if "." in name and top in name} == {f"youtube:{top}"}
    unknown = posts[f"{top}.9Inv0005"]
    assert (unknown.author, unknown.text) == (unknown.post, "Courage"), "nobody known is nobody else either"


def test_only_what_differs_is_an_edit_and_entities_are_read(posts: dict[str, PostRecord]) -> None:
    edited = {name for name, post in posts.items() if post.edited_at}
    assert edited == {"UgxInvente0000000000002AaABAg"}
    assert posts["UgxInvente0000000000003AaABAg"].text == "L'atelier <3"


def later(done: Crawled, clock: str, *, without: Collection[str] = (), since: str) -> replaying.Recording:
    """What the site shows later on: nothing new, and what is known, together, but for what it shows no more."""
    recording = replaying.read("youtube")
    shown = {item["id"]: item for item in shown_in(recording)}
    state = state_of(done.lake, done.verdict["run_id"])
    for kind, extra in (
        ("videos", {"part": "snippet,statistics"}),
        ("comments", {"part": "snippet", "textFormat": "plainText"}),
    ):
        ids = [name.rpartition("/")[2] for name in sorted(state.posts) if ("/" in name) == (kind == "comments")]
        items = [shown[one] for one in ids if one not in without]
        query = urlencode({**extra, "id": ",".join(ids)})
        recording.exchanges[replaying.key_of(f"{SITE}/{kind}?{query}")] = [(200, {}, listed(kind, items))]
    recording.exchanges[replaying.key_of(f"https://{search_of(since, clock)}")] = [(200, {}, listed("search", []))]
    return recording


def search_of(since: str, until: str) -> str:
    told = {"part": "snippet", "type": "video", "q": "#Entraide", "order": "date"}
    return (
        f"www.googleapis.com/youtube/v3/search?{urlencode({**told, 'publishedAfter': since, 'publishedBefore': until})}"
    )


def listed(kind: str, items: list[Any]) -> dict[str, Any]:
    return {"kind": f"youtube#{kind.removesuffix('s')}ListResponse", "items": items}


def shown_in(recording: replaying.Recording) -> Iterator[dict[str, Any]]:
    """Each video and comment of the recording."""
    for key, given in recording.exchanges.items():
        for status, _, body in given:
            for item in body["items"] if status == 200 and "/search?" not in key else ():
                top = item["snippet"].get("topLevelComment")
                yield from [item] if top is None else [top, *item.get("replies", {}).get("comments", [])]


def test_a_second_run_asks_for_known_things_together_and_tells_what_is_gone(done: Crawled, tmp_path: Path) -> None:
    lost = "UgxInvente0000000000001AaABAg.9Inv0003"
    clock = "2026-11-20T09:00:00Z"
    recording = later(done, clock, without={"inVideo000C", lost}, since="2026-11-14T06:00:00Z")
    recording.exchanges[replaying.key_of(f"{SITE}/commentThreads?part=snippet&videoId=inVideo000C")] = [
        refusal(404, "videoNotFound")
    ]
    again, asked = replaying.again(done, recording, tmp_path, clock)
    gone = {one.post.removeprefix("youtube:") for one in again.records if isinstance(one, DeletionRecord)}
    assert gone == {"inVideo000C", lost}, again.err
    assert [key for key in asked if "/videos?" in key and "%2C" not in key.partition("id=")[2]] == []
    # a search, the videos, the comments, whether the video is there, and the comment by itself, which is not (404)
    assert (len(asked), again.code) == (4, 0)


def test_absence_alone_proves_nothing(done: Crawled, tmp_path: Path) -> None:
    clock = "2026-11-20T09:00:00Z"
    recording = later(done, clock, without={"inVideo000C"}, since="2026-11-14T06:00:00Z")
    for status, reason in ((200, ""), (403, "forbidden"), (403, "commentsDisabled")):
        given = refusal(status, reason) if reason else (200, {}, listed("commentThreads", []))
        recording.exchanges[replaying.key_of(f"{SITE}/commentThreads?part=snippet&videoId=inVideo000C")] = [given]
        again, _ = replaying.again(done, recording, tmp_path / (reason or "there"), clock)
        assert not [one for one in again.records if isinstance(one, DeletionRecord)]
        assert again.code == 0, again.err


def test_what_was_said_is_looked_at_again_before_30_days_are_over(done: Crawled, tmp_path: Path) -> None:
    looked = []
    state = state_of(done.lake, done.verdict["run_id"])
    state.followed.clear()  # the follow-up is over
    for clock, since in (
        ("2026-12-01T06:00:00Z", "2026-11-14T06:00:00Z"),
        ("2026-12-08T06:00:00Z", "2026-11-14T06:00:00Z"),
    ):
        recording = later(done, clock, since=since)
        recording.told["clock"] = clock
        again = replaying.collect(recording, tmp_path / clock[:10], state=state)
        seen = {one.post for one in again.records if isinstance(one, PostRecord)}
        looked.append(len(seen))
        left = state_of(again.lake, again.verdict["run_id"])
    assert looked == [0, 13]
    assert min(left.post_times.values()) > "2026-12-08", "the 30 days begin anew"
    assert left.followed == {}


def test_what_a_day_allows_is_not_spent_twice_and_the_rest_is_asked_on_another(tmp_path: Path) -> None:
    recording, told, asked = replaying.read("youtube"), [], list[list[str]]()
    newer, shown = "UgxInvente0000000000003AaABAg", {item["id"]: item for item in shown_in(recording)}
    for kind, name, part in (("videos", "inVideo000A", "snippet,statistics"), ("comments", newer, "snippet")):
        one = replaying.key_of(f"{SITE}/{kind}?part={part}&id={name}" + "&textFormat=plainText" * (kind == "comments"))
        recording.exchanges[one] = [(200, {}, listed(kind, [shown[name]]))]
    campaign = campaign_file(
        *(tmp_path, "www.googleapis.com", "Entraide"),
        source='token_variable = "TOKEN_OF_TEST"\nbudget = {search = 2, units = 5}',
        collect="first_days = 9000",
        kind="youtube",
    )
    for clock in ("2026-11-15T06:00:00Z", "2026-11-15T07:00:00Z", "2026-11-15T09:00:00Z"):  # midnight there is at 8
        asked.append([])

        def noted(key: str, body: Any) -> Any:
            asked[-1].append(re.sub(r".*/v3/|(part|textFormat|published\w+|q|type)=[^&]*&?", "", key).strip("&?"))
            return body

        recording.exchanges[replaying.key_of(f"https://{search_of('2026-11-14T06:00:00Z', clock)}")] = [
            (200, {}, listed("search", []))
        ]
        with recording.serve(noted) as server:
            done = crawl(
                *(campaign, tmp_path / "lake", "--connect", server.address, "--clock", clock),
                settings=(KEEP, "PASSERELLE_BACKOFF_SECONDS=0.05"),
                env={"TOKEN_OF_TEST": replaying.TOKEN},
            )
        hand_on(done.lake, done.verdict["run_id"])
        told.append((done.code, coverage(done, "timeline")["Entraide"][2], coverage(done, "thread").get("inVideo000A")))
    top, newest = "parentId=UgxInvente0000000000001AaABAg", "commentThreads?videoId=inVideo000A"
    assert asked[0][-2:] == [newest, newest.replace("?", "?pageToken=QURT%3D%3D&")]
    assert (len(asked[0]), asked[1]) == (7, []), "all is spent until midnight over there"
    assert asked[2] == [
        *("search", "videos?id=inVideo000A", f"comments?id={newer}"),
        *(f"comments?{top}", f"comments?pageToken=R0FJ&{top}", newest),
    ], "what was left, then what is new"
    assert told == [
        (4, "search", (9, 11, "budget")),
        (4, "budget", None),
        (0, "search", (10, 10, None)),
    ]
    again = crawl(campaign, tmp_path / "again", "--replay", str(tmp_path / "lake" / "vault"))
    assert (again.code, again.records) == (4, done.records)


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (refusal(400, "badRequest", "API_KEY_INVALID"), 2, "put an API key in the environment variable TOKEN_OF_TEST"),
        (refusal(403, "accessNotConfigured", "SERVICE_DISABLED"), 2, "HTTP 403, SERVICE_DISABLED"),
        (refusal(403, "forbidden"), 2, "HTTP 403, forbidden"),
        (refusal(403, "quotaExceeded"), 4, "100 of 100 searches are spent; collect again after 2026-11-15T08:00+00:00"),
        (refusal(403, "rateLimitExceeded"), 4, "its limit on requests did not lift"),
    ],
)
def test_the_reason_of_a_refusal_counts_not_its_status(given: Given, code: int, said: str, tmp_path: Path) -> None:
    recording = replaying.read("youtube")
    key = next(key for key in recording.exchanges if "/search?" in key and "pageToken" not in key)
    recording.exchanges[key] = [given]
    refused = replaying.collect(recording, tmp_path)
    assert (refused.code, said in refused.err) == (code, True), refused.err
    if said.startswith("100 of 100"):
        state = state_of(refused.lake, refused.verdict["run_id"])
        assert sum(state.spent["search"].values()) == 100, "the next run of the day does not try"


def test_a_page_token_that_is_over_is_replaced_by_a_time(tmp_path: Path) -> None:
    recording = replaying.read("youtube")
    [first, second] = [key for key in recording.exchanges if "/search?" in key]
    second, first = (first, second) if "pageToken" in first else (second, first)
    page = recording.exchanges[second]
    recording.exchanges[second] = [refusal(400, "invalidPageToken")]
    recording.exchanges[re.sub(r"publishedBefore=[^&]*", "publishedBefore=2026-11-08T18%3A00%3A01Z", first)] = page
    done = replaying.collect(recording, tmp_path)
    assert "youtube:inVideo000C" in {one.post for one in done.records if isinstance(one, PostRecord)}
    assert (done.code, coverage(done, "timeline")["Entraide"][2]) == (0, "search")


def test_the_key_is_sent_and_nowhere_kept_or_said(tmp_path: Path) -> None:
    """The canary of `promises.md`, in an address: echoed by the server, in a failure, in what is logged and landed."""
    recording = replaying.read("youtube")
    sent: list[str] = []

    def echoed(key: str, body: Any) -> Any:
        sent.append(server.log[-1][1])
        if "videoId=inVideo000A" in key:
            return b"{cut: " + server.log[-1][1].encode()  # no JSON
        return {**body, "selfLink": f"https://www.googleapis.com{server.log[-1][1]}", "consumer": CANARY}

    campaign = campaign_file(
        *(tmp_path, "www.googleapis.com", "Entraide"),
        source='token_variable = "CANARY"',
        collect="first_days = 9000",
        kind="youtube",
    )
    server = recording.serve(echoed)
    with server:
        words = ("--connect", server.address, "--clock", CLOCK)
        done = crawl(campaign, tmp_path / "lake", *words, settings=("LOG_LEVEL=DEBUG",), env={"CANARY": CANARY})
    assert done.code == 4, done.err
    assert sent
    assert all(f"key={CANARY}" in target for target in sent)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "lake").rglob("*") if path.is_file())
    for file in (tmp_path / "lake").rglob("*.gz"):
        kept += gzip.decompress(file.read_bytes())
    assert b"selfLink" in kept, "the planted control"
    assert CANARY.encode() not in kept + done.err.encode()
