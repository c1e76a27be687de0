"""YouTube's search: which videos there are, page by page, and after each page what they say.

A search shows ids and words cut short; the words are asked for by id. Where it goes on stands in the fragment of each
address, which is never sent: a walk that was cut is taken up from its address alone. A search ends after some hundreds
of results: what is older is asked for by time. A page token that is no longer taken is replaced by a time too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from w3lib.url import url_query_parameter

from spiders.asking.ask import Ask
from spiders.collecting.paging import Page, whole_number
from spiders.collecting.shape import MALFORMED, Item, under, whole
from spiders.collecting.values import Json, id_text, moment

API = "/youtube/v3"
PAGE = 50
STALE = "stale page token"
_FULL = 400  # results after which an end may be that of what a search shows, not of what there is
_BEFORE = "publishedBefore"


def search(tag: str, since: datetime, until: datetime) -> str:
    """What the videos that hold `tag` as a word and were published in [`since`, `until`) are asked for by."""
    told = {"part": "snippet", "type": "video", "q": f"#{tag}", "order": "date"}
    times = {"publishedAfter": _second(since), _BEFORE: _second(until), "maxResults": str(PAGE)}
    return f"{API}/search?{urlencode({**told, **times})}"


def videos(ids: Sequence[str]) -> str:
    """What some videos are asked for by."""
    return f"{API}/videos?{urlencode({'part': 'snippet,statistics', 'id': ','.join(ids)})}"


def found(payload: Any) -> Sequence[Item]:
    """The videos of an answer; a search has none itself."""
    listed = under("items")(payload)
    return () if str(payload.get("kind")).endswith("searchListResponse") or STALE in payload else listed


def following(page: Page) -> Sequence[Ask] | None:
    """After a page of a search its videos, after these the search's next page, after its last one what is older."""
    payload, url = page.answer.payload, page.answer.url
    if STALE in payload:
        return _older(page, _noted(url))
    if not str(payload.get("kind")).endswith("searchListResponse"):
        then = _noted(url).get("then")
        return [page.first.at(then)] if then else None
    noted = _noted(url)
    results = [one for one in whole(payload["items"]) if isinstance(one, dict)]
    ids = [name for one in results if (name := _video_in(one))]
    told = {"n": str((whole_number(noted.get("n")) or 0) + len(results)), "oldest": _oldest(results, noted)}
    onward = _next_page(page, payload, told)
    if not ids:
        return onward
    told = {"then": onward[0].url} if onward else {}
    return [page.first.at(f"{videos(list(dict.fromkeys(ids)))}#{urlencode(told)}")]


def _next_page(page: Page, payload: Json, told: Json) -> Sequence[Ask] | None:
    token = payload.get("nextPageToken")
    if isinstance(token, str) and token:
        plain = page.first.at(page.answer.url.partition("#")[0])
        return [plain.at(f"{plain.having('pageToken', token).url}#{urlencode(told)}")]
    return _older(page, told) if int(told["n"]) >= _FULL else None


def _older(page: Page, told: Json) -> Sequence[Ask] | None:
    """The same search of what was published up to the second of the oldest result."""
    if not told.get("oldest"):
        return []
    plain = page.answer.url.partition("#")[0]
    query = [(name, value) for name, value in parse_qsl(urlsplit(plain).query) if name not in ("pageToken", _BEFORE)]
    until = _second(moment(told["oldest"]) + timedelta(seconds=1))
    if url_query_parameter(plain, _BEFORE) == until:
        return None  # all that it shows was written in one second
    return [page.first.at(f"{API}/search?{urlencode([*query, (_BEFORE, until)])}")]


def _video_in(result: Json) -> str | None:
    told = result.get("id")
    return id_text(told.get("videoId")) if isinstance(told, dict) else None


def _oldest(results: Sequence[Json], noted: Json) -> str:
    times = []
    for result in results:
        try:
            times.append(moment(result["snippet"]["publishedAt"]))
        except MALFORMED:
            continue
    return _second(min(times)) if times else str(noted.get("oldest", ""))


def _noted(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).fragment))


def _second(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
