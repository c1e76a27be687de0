"""What the vault keeps of somebody, and the vault without them: each platform says how its answers name people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import orjson

from passerelle.vault import Attempt, RunInfo, Vault, attempts_of, rewrite
from spiders.collecting.forgetting import Forgetting
from spiders.collecting.people import TokenOf
from spiders.offered import platforms


def forgetting(token_of: TokenOf, domains: Mapping[str, str], tags: Iterable[str]) -> Forgetting:
    """What takes people out of recorded answers of every platform."""
    return Forgetting(token_of, domains, tags, platforms())


def learn_vault(vault: Vault, people: Forgetting) -> None:
    """Note by which words a whole vault names them."""
    for info, attempt in attempts_of(vault):
        if people.learn(info.platform, info.source, attempt):
            people.runs.add(info.run_id)


def write_without(vault: Vault, draft: Path, people: Forgetting) -> list[str]:
    """Write a vault without them into the folder `draft`; names of the runs that are others now."""

    def without(info: RunInfo, attempt: Attempt) -> Attempt:
        return people.without(info.platform, info.source, attempt)

    def position(info: RunInfo) -> RunInfo:
        said = orjson.dumps(info.cursors).decode()
        told = people.text(info.platform, info.source, said)
        return info if told == said else replace(info, cursors=orjson.loads(told))

    return rewrite(vault, draft, without, position)
