"""The crawl state as it lies beside a lake: also one that an older version left."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from passerelle.errors import PasserelleError
from passerelle.lake import Lake
from passerelle.vault import RunInfo
from spiders.collecting.starting import is_before
from spiders.collecting.state import CrawlState, Cursor, Hole
from spiders.collecting.states import state_before

SOURCE = "social.example"


def left(lake: Lake, cursor: dict[str, Any]) -> Lake:
    """A lake with a committed state that has one cursor, written field by field."""
    path = lake.state_file(SOURCE)
    path.parent.mkdir(parents=True)
    value = CrawlState(domain=SOURCE).to_json() | {"cursors": {"hashtag:x": cursor}}
    path.write_text(json.dumps(value), "utf-8")
    return lake


def test_a_cursor_of_before_is_read_and_written_as_those_of_today(tmp_path: Path) -> None:
    hole = {"url": "/next", "down_to": "2026-01-01T00:00:00+00:00"}
    old = {"since": "a", "until": "b", "newest_id": "116", "holes": [hole]}
    state = CrawlState.from_json(state_before(left(Lake(tmp_path), old), SOURCE))
    assert state.cursors == {"hashtag:x": Cursor("a", "b", [Hole(**hole)])}
    assert "newest_id" not in state.to_json()["cursors"]["hashtag:x"]
    assert CrawlState.from_json(json.loads(json.dumps(state.to_json()))) == state


def test_a_recording_of_before_goes_on_from_a_state_of_today() -> None:
    now = datetime(2026, 10, 6, tzinfo=UTC)
    state = CrawlState(domain=SOURCE, cursors={"hashtag:x": Cursor("a", "b")}).to_json()
    told: dict[str, Any] = {"since": "a", "until": "b", "holes": []}
    for cursor, goes_on in (
        (told, True),
        (told | {"newest_id": "9"}, True),
        (told | {"until": "c"}, False),
        ({}, False),
    ):
        info = RunInfo(run_id="r", source=SOURCE, clock=now, campaign_hash="", cursors={"hashtag:x": cursor})
        assert is_before(state, info) is goes_on


def test_what_no_version_ever_wrote_is_damage(tmp_path: Path) -> None:
    with pytest.raises(PasserelleError, match=r"damaged \(TypeError\)"):
        state_before(left(Lake(tmp_path), {"since": "a", "until": "b", "holes": [], "other": 1}), SOURCE)
