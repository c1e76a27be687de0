"""An invented pack of frames beside the repository, served as its exchanges say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.spiders.platforms import packs
from tests.spiders.stream_server import Frames, No, Query

Exchange = dict[str, Any]
TIMES = 10**15  # a cursor from here on is a time in microseconds
NEAR = 60_000_000  # microseconds that may be asked for again
_BESIDE = ("/robots.txt", "/xrpc/app.bsky.actor.getProfiles")


class StreamPack:
    """The exchanges of one pack (`wanted` of them), each `given` once: what is `asked` must name all that it names, and
    the same place. Whoever asks for more after the last one is told nothing.
    """

    def __init__(self, platform: str, wanted: Callable[[Exchange], bool] = lambda one: one["status"] == 101) -> None:
        lines = (packs.FOLDER / platform / "exchanges.jsonl").read_text("utf-8").splitlines()
        every: list[Exchange] = [json.loads(line) for line in lines]
        self.exchanges = [one for one in every if wanted(one)]
        self.given: list[int] = []
        self.asked: list[tuple[str, str | None]] = []
        self._times = {number: at for one in every for number, at in _places(one)}

    def runs(self, host: str) -> Iterator[str]:
        """The clock of each run on a host: after all that it is told."""
        for first in self.exchanges:
            if urlsplit(first["url"]).netloc == host and not first["request"].get("follows"):
                chain = [first, *(one for one in self.exchanges if self._follows(one, first))]
                last = max(at for one in chain for _, at in _places(one))
                told = datetime.fromtimestamp(last / 1e6, UTC) + timedelta(minutes=1)
                yield max(told, datetime.fromisoformat(first["at"])).isoformat(timespec="seconds")

    def serve(self, host: str, path: str, query: Query) -> Frames | No:
        """What the pack gives for a connection."""
        if path not in _BESIDE:
            self.asked.append((host, dict(query).get("cursor")))
        there = [one for one in self.exchanges if urlsplit(one["url"])[1:3] == (host, path)]
        left = [one for one in there if one["n"] not in self.given]
        # one that names no cursor begins anywhere, unless another names the place that is asked for
        for one in sorted(left, key=lambda one: "cursor" not in dict(parse_qsl(urlsplit(one["url"]).query))):
            if self._is_asked(one, query):
                self.given.append(one["n"])
                if one["status"] != 101:
                    return No(one["status"], one.get("body"), one["headers"])
                is_cut = any(
                    (later["request"].get("follows") or {}).get("from") == one["n"] for later in self.exchanges
                )
                return Frames(one["frames"], close=1011 if is_cut or _ends(one) else None)
        return Frames() if any(one["n"] in self.given and one["status"] == 101 for one in there) else No()

    def _follows(self, one: Exchange, first: Exchange) -> bool:
        before = (one["request"].get("follows") or {}).get("from")
        found = next((other for other in self.exchanges if other["n"] == before), None)
        return found is not None and (found is first or self._follows(found, first))

    def _is_asked(self, one: Exchange, query: Query) -> bool:
        wanted = parse_qsl(urlsplit(one["url"]).query)
        cursor, asked = dict(wanted).get("cursor"), dict(query).get("cursor")
        if not {pair for pair in wanted if pair[0] != "cursor"} <= set(query):
            return False
        if cursor is None or asked is None:
            return cursor is None
        place, other = self._time(int(cursor)), self._time(int(asked))
        return cursor == asked if place is None or other is None else 0 <= place - other <= NEAR

    def _time(self, cursor: int) -> int | None:
        return cursor if cursor >= TIMES else self._times.get(cursor)


def _places(one: Exchange) -> list[tuple[int, int]]:
    return [(frame["cursor"], frame["time_us"]) for frame in one["frames"] if "cursor" in frame]


def _ends(one: Exchange) -> bool:
    return bool(one["frames"]) and one["frames"][-1].get("$type") == "error"
