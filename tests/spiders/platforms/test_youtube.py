"""YouTube: what its answers mean, on our recording and, where it is present, on the invented pack beside us."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from spiders.collecting.state import CrawlState, Followed
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
