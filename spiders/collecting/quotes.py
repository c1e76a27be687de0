"""The posts that quote the campaign's posts, where the platform lists them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

from passerelle.records import Record
from spiders.collecting.crawl import Crawl, Sight
from spiders.collecting.reading import read_items
from spiders.collecting.threads import is_open
from spiders.collecting.walking import Walk


async def read_quotes(crawl: Crawl) -> AsyncIterator[Record]:
    """The quotes of each post whose counter changed; whoever wrote one takes part."""
    for sight in sorted(crawl.sights.values(), key=lambda sight: (sight.created_at, sight.native)):
        if not sight.quotes or not _wants_quotes(crawl, sight):
            continue
        if reason := crawl.ledger.why_not("quotes"):
            crawl.owe(sight.native, reason)
            continue
        async for record in _quotes(crawl, sight):
            yield record


def _wants_quotes(crawl: Crawl, sight: Sight) -> bool:
    followed = crawl.state.followed.get(sight.native)
    return is_open(crawl, sight) if followed is None else sight.quotes != followed.quotes


async def _quotes(crawl: Crawl, sight: Sight) -> AsyncIterator[Record]:
    listing = crawl.platform.quotes(sight.native)
    if listing is None:
        return
    walk, got = Walk(crawl.api, listing), 0
    async with aclosing(walk.pages()) as pages:
        async for page in pages:
            got += len(page.items)
            for record in read_items(crawl, page.items, page.answer, campaign=True):
                yield record
    if walk.failure is not None:
        crawl.ledger.note("quotes", walk.failure)
        crawl.owe(sight.native, walk.reason)
        at = walk.failure.captured_at
        yield crawl.ledger.coverage("engagement", sight.uri, at, got, walk.reason, expected=sight.quotes)
    else:
        crawl.quoted.add(sight.native)
