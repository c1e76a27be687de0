"""What only federated platforms have: posts with other servers as their homes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol, runtime_checkable

from passerelle.records import Record
from spiders.collecting.crawl import Crawl
from spiders.collecting.thread import Thread


@runtime_checkable
class Federated(Protocol):
    """A platform on which an author's own server may show more of a thread."""

    def elsewhere(self, crawl: Crawl, thread: Thread) -> AsyncIterator[Record]:
        """What other servers show of `thread` beyond the run's own; those who wrote it take part."""
