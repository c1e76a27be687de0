"""What runs learnt of people's wishes, kept beside the lake's tables: from then on they are left out."""

from __future__ import annotations

from collections.abc import Sequence

from flows.staged import StagedRun
from passerelle.blocks import read_blocks, write_blocks
from passerelle.lake import Lake
from passerelle.standing import NEWS, with_news


def keep_news(lake: Lake, runs: Sequence[StagedRun]) -> None:
    """Join to the lake's blocks what `runs`, oldest first, say; marks are keyed already, so that no key is needed."""
    told = [run for run in runs if run.manifest.get(NEWS)]
    if not told:
        return
    blocks = read_blocks(lake.blocks_file, b"")
    for run in told:
        blocks = with_news(blocks, run.manifest)
    write_blocks(lake.blocks_file, blocks)
