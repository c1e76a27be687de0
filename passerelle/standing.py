"""The blocks that hold for a run: the lake's, and what the runs learnt that wait in staging."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from passerelle.blocks import OPTED_OUT, Blocks, parse_block, read_blocks
from passerelle.lake import MANIFEST, Lake

NEWS = "blocks"
"""Under this a manifest holds what a run learnt of people's wishes."""


def standing_blocks(lake: Lake, key: bytes) -> Blocks:
    """The blocks of a lake, with what the runs say that wait in staging, oldest first. Raises DamagedError."""
    blocks = read_blocks(lake.blocks_file, key)
    told = [_read(path) for path in lake.staging.glob(f"*/{MANIFEST}")]
    for manifest in sorted((one for one in told if one.get(NEWS)), key=lambda one: str(one.get("clock"))):
        blocks = with_news(blocks, manifest)
    return blocks


def with_news(blocks: Blocks, manifest: dict[str, Any]) -> Blocks:
    """`blocks` and what a run learnt."""
    news = manifest.get(NEWS) or {}
    blocks = blocks.lifting(news.get("lift", ()))
    since = str(manifest.get("clock", ""))
    return blocks.joined(parse_block({"since": since, "reason": OPTED_OUT} | one) for one in news.get("add", ()))


def _read(path: Path) -> dict[str, Any]:
    try:
        found = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
