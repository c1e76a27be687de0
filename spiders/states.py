"""Where a run's crawl state comes from: the newest run that was staged, else what the last commit left."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from passerelle.errors import PasserelleError
from passerelle.lake import Lake
from spiders.run import slug

State = dict[str, Any]


def state_before(lake: Lake, source: str, run_id: str) -> State:
    """The state that `run_id` starts from; empty for a source's first. Raises PasserelleError if unreadable."""
    states = [_read(path) for path in _staged(lake, source, run_id)]
    committed = lake.state / f"{slug(source)}.json"
    states += [_read(committed)] if committed.exists() else []
    return max(states, key=lambda state: str(state.get("clock", "")), default={})


def _staged(lake: Lake, source: str, run_id: str) -> Iterator[Path]:
    for manifest in sorted(lake.staging.glob("*/manifest.json")):
        state = manifest.with_name("state.json")
        if manifest.parent.name != run_id and _read(manifest).get("source") == source and state.exists():
            yield state


def _read(path: Path) -> State:
    try:
        value: State = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise PasserelleError(
            en=f"{path}: cannot be read ({type(error).__name__}); remove it to collect afresh",
            fr=f"{path} : illisible ({type(error).__name__}) ; supprimez-le pour recommencer la collecte",
        ) from None
    return value
