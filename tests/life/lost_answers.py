"""What the server answered and a killed crawl did not keep: it asks again, and that takes no time of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from passerelle.vault.reading import scan


def lost_answers(vault: Path, answered: Iterable[tuple[str, int]], since: datetime) -> set[str]:
    """Targets (path and query) that were `answered` more often than the vault holds them from `since` on."""
    kept: Counter[str] = Counter()
    for file in vault.glob("*.warc.gz"):
        kept.update(_target(entry.url) for entry in scan(file).entries if entry.captured_at >= since)
    return set(Counter(target for target, _ in answered) - kept)


def _target(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
