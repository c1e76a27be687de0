"""A recording, one exchange a line, served on loopback to a live crawl.

The first line says what the crawl must come to: `host`, `hashtag` and literal counts; `sessions` are what is given by
path for a login, which no recording holds, and `secrets` the words in it, `source` more of the
campaign file. How a list is cut and sorted is
no part of what is asked, nor that its first page is; whatever the recording does not hold is 404.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from passerelle.lake import Lake
from spiders.collecting.state import CrawlState
from tests.spiders.crawling import KEEP, Crawled, campaign_file, crawl
from tests.spiders.kept import state_of
from tests.spiders.odd_server import Given, OddServer

FOLDER = Path(__file__).parent / "recordings"
_CUTS = (
    *("per_page", "per-page", "limit", "nested_limit", "orderby", "order", "sort", "max-results", "hitsPerPage"),
    *("max_results", "sort_order", "tweet.fields", "user.fields", "expansions", "start_time", "end_time"),
    *("maxResults", "key", "access_token"),  # nor is what we are known by
)
_HOLDERS = {"feed": "entry", "topic_list": "topics", "post_stream": "posts", "data": "children"}
_PAGES = ("page", "max_id", "cursor", "next_token", "pagination_token", "pageToken")
TOKEN = "nobody.test:a-secret-that-no-vault-holds"  # noqa: S105
_ITEM = re.compile(r"(?s)<(item|entry)\b.*?</\1>")
Change = Callable[[str, Any], Any]


@dataclass
class Recording:
    """Exchanges by what is asked, in the order in which they were recorded."""

    platform: str
    told: dict[str, Any]
    exchanges: dict[str, list[Given]] = field(default_factory=dict)

    def serve(self, change: Change = lambda key, body: body, *, endless: bool = False) -> OddServer:
        """A server that gives the recording's answers, each body as `change` leaves it; `endless`: no list ends."""

        sessions = self.told.get("sessions", {})

        def given(path: str, query: dict[str, str], base: str) -> Given:
            if path in sessions:
                return 200, {}, sessions[path]
            sent = parse_qsl(urlsplit(server.log[-1][1]).query, keep_blank_values=True)
            sent += [(name, value) for name, value in query.items() if name not in dict(sent)]  # by a POST
            asked = [(name, value) for name, value in sent if not (endless and name in _PAGES)]
            key = key_of(f"https://{server.log[-1][2]['Host']}{path}?{urlencode(asked)}")
            answers = self.exchanges.get(key)
            if not answers:
                return None
            status, headers, body = answers[0] if len(answers) == 1 else answers.pop(0)
            headers = {**headers, "x-wp-totalpages": "1000000"} if endless else headers
            return status, headers, change(key, body)

        server = OddServer(given)
        return server


def read(platform: str, path: Path | None = None, told: dict[str, Any] | None = None) -> Recording:
    """The recording of `platform`, or the one at `path`."""
    lines = (path or FOLDER / f"{platform}.jsonl").read_text("utf-8").splitlines()
    first = told if told is not None else json.loads(lines.pop(0))
    recording = Recording(platform, first)
    for line in map(json.loads, lines):
        body = line["body"] if "body" in line else in_its_encoding(line["body_text"])
        given = (line["status"], line.get("headers", {}), body)
        recording.exchanges.setdefault(key_of(line["url"]), []).append(given)
    return recording


def collect(
    recording: Recording, folder: Path, *, first_days: int = 9000, state: CrawlState | None = None, **served: Any
) -> Crawled:
    """A live crawl of the recording's host, with a token, from a server on this machine; `state`: not the first."""
    folder.mkdir(parents=True, exist_ok=True)
    if state is not None:
        path = Lake(folder / "lake").state_file(recording.told["host"])
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(state.to_json()), "utf-8")
    with recording.serve(**served) as server:
        return crawl(
            campaign(recording, folder, first_days),
            folder / "lake",
            *("--connect", server.address, "--clock", recording.told["clock"]),
            settings=(KEEP, "PASSERELLE_BACKOFF_SECONDS=0.05"),
            env={"TOKEN_OF_TEST": TOKEN},
        )


def again(done: Crawled, recording: Recording, folder: Path, clock: str, **served: Any) -> tuple[Crawled, list[str]]:
    """The crawl that follows `done`, begun at `clock`, and what was asked in it."""
    recording.told["clock"] = clock
    asked: list[str] = []
    change: Change = served.pop("change", lambda key, body: body)

    def noted(key: str, body: Any) -> Any:
        asked.append(key)
        return change(key, body)

    state = state_of(done.lake, done.verdict["run_id"])
    return collect(recording, folder, state=state, change=noted, **served), asked


def replay(recording: Recording, folder: Path, lake: str, *, first_days: int = 9000) -> Crawled:
    """A replay of what `collect` recorded in `folder`."""
    return crawl(campaign(recording, folder, first_days), folder / lake, "--replay", str(folder / "lake" / "vault"))


def campaign(recording: Recording, folder: Path, first_days: int) -> Path:
    """The campaign file over the recording's host."""
    return campaign_file(
        folder,
        recording.told["host"],
        recording.told["hashtag"],
        source=f'token_variable = "TOKEN_OF_TEST"\n{recording.told.get("source", "")}',
        collect=f"first_days = {first_days}",
        kind=recording.platform,
    )


def in_its_encoding(text: str) -> bytes:
    """A text as bytes, in the encoding that it says it is in."""
    said = re.match(r"""<\?xml[^>]*encoding=["']([\w-]+)""", text)
    return text.encode(said[1] if said else "utf-8")


def list_in(body: Any) -> list[Any] | None:
    """The things that an answer lists: the answer itself, the one list in it, what a holder has, a feed's items."""
    if isinstance(body, bytes):
        return [one[0] for one in _ITEM.finditer(body.decode("utf-8", "replace"))] or None
    for holder, name in _HOLDERS.items():
        if isinstance(body, dict) and isinstance(body.get(holder), dict):
            found = body[holder].get(name)
            return found if isinstance(found, list) else None
    lists = [value for value in body.values() if isinstance(value, list)] if isinstance(body, dict) else [body]
    return lists[0] if len(lists) == 1 and isinstance(lists[0], list) else None


def with_list(body: Any, things: Any) -> Any:
    """The answer with other things in the place of those that it lists; in a feed what is no text is an odd item."""
    if isinstance(body, bytes):
        told, texts = body.decode("utf-8", "replace"), things if isinstance(things, list) else [things]
        first, *_ = _ITEM.finditer(told)
        odd = "<{0}><title>{1}</title></{0}>".format(first[1], "%s")
        items = [one if isinstance(one, str) and one.startswith("<") else odd % json.dumps(one) for one in texts]
        return (
            told[: first.start()] + "".join(items) + told[told.rindex(f"</{first[1]}>") + len(first[1]) + 3 :]
        ).encode()
    for holder, name in _HOLDERS.items():
        if isinstance(body, dict) and isinstance(body.get(holder), dict):
            return {**body, holder: {**body[holder], name: things}}
    listed = list_in(body)
    return (
        {name: things if value is listed else value for name, value in body.items()} if body is not listed else things
    )


def key_of(url: str) -> str:
    """What is asked, however the list is cut and sorted."""
    parts = urlsplit(url)
    asked = (pair for pair in parse_qsl(parts.query) if pair != ("page", "1"))
    query = sorted((name, value) for name, value in asked if name not in _CUTS)
    return f"{parts.netloc}{unquote(parts.path)}?{urlencode(query)}"
