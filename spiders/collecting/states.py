"""Where a run's crawl state comes from: the newest of those that were staged and of what the last commit left.

Newest is the one that most crawls led to (its `number`), whatever clocks said.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from passerelle.errors import PasserelleError
from passerelle.lake import MANIFEST, STATE, Lake
from spiders.collecting.state import CrawlState

State = dict[str, Any]


def state_before(lake: Lake, source: str, run_id: str = "") -> State:
    """The state that a run of `source` (named `run_id`) starts from; empty for its first.

    Raises PasserelleError if one is damaged.
    """
    states = [_sound(path, lake) for path in _staged(lake, source, run_id)]
    committed = lake.state_file(source)
    states += [_sound(committed, lake)] if committed.exists() else []
    return max(states, key=lambda state: (int(state.get("number", 0)), str(state.get("clock", ""))), default={})


def _staged(lake: Lake, source: str, run_id: str) -> Iterator[Path]:
    for manifest in sorted(lake.staging.glob(f"*/{MANIFEST}")):
        state = manifest.with_name(STATE)
        if manifest.parent.name != run_id and state.exists() and _read(manifest, lake).get("source") == source:
            yield state


def _sound(path: Path, lake: Lake) -> State:
    state = _read(path, lake)
    try:
        CrawlState.from_json(state)
        int(state.get("number", 0))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(path, lake, error) from None
    return state


def _read(path: Path, lake: Lake) -> State:
    try:
        value = json.loads(path.read_text("utf-8"))
        if not isinstance(value, dict):
            raise TypeError("no object")
    except (OSError, ValueError, TypeError) as error:
        raise _damaged(path, lake, error) from None
    return value


def _damaged(path: Path, lake: Lake, error: Exception) -> PasserelleError:
    kind = type(error).__name__
    return PasserelleError(
        en=f"{path}: damaged ({kind}); remove it, then run `passerelle replay {lake.vault}`, which makes it anew",
        fr=f"{path} : abîmé ({kind}) ; supprimez-le, puis lancez `passerelle replay {lake.vault}`, qui le refait",
    )
