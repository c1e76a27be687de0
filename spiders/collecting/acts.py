"""When the campaign's posts were reposted, where the platform lists what a person reposted, with times."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

from passerelle.records import Record
from spiders.collecting.crawl import Crawl
from spiders.collecting.ledger import PASSING
from spiders.collecting.progress import told
from spiders.collecting.reading import read_items
from spiders.collecting.times import all_before
from spiders.collecting.walking import Walk

MAX_ASKED = 500


async def read_acts(crawl: Crawl) -> AsyncIterator[Record]:
    """The acts of those whom polls showed, each asked for once; without an answer the polls bound the time."""
    engaged = told(crawl.run, "times of reposts", "heures de repartage", sorted(crawl.engaged.items()))
    for number, (local, natives) in enumerate(engaged):
        if crawl.api.lost:
            _ask_again(crawl, natives)
            continue
        if crawl.refusal_of_history(crawl.state.accounts[local]) is not None:
            continue
        if number >= MAX_ASKED:
            crawl.ledger.counts["acts_not_asked"] += 1
            continue
        listing = await crawl.platform.acts(crawl.api, local)
        if listing is not None:
            walk = Walk(crawl.api, listing)
            async for record in _acts(crawl, walk, natives):
                yield record
            if walk.reason not in PASSING:
                for native in natives:
                    crawl.timed.setdefault(native, set()).add(local)


def _ask_again(crawl: Crawl, natives: set[str]) -> None:
    """Have the next run poll the posts anew, since nobody could be asked for the times."""
    for native in natives:
        crawl.owe(native, crawl.api.lost_to)
        crawl.polled.discard(native)


async def _acts(crawl: Crawl, walk: Walk, natives: set[str]) -> AsyncIterator[Record]:
    """The reposts of the posts `natives`, down to the time of the oldest of them."""
    since = min(crawl.sights[native].created_at for native in natives)
    async with aclosing(walk.pages()) as pages:
        async for page in pages:
            ours = [item for item in page.items if crawl.native(item) in natives]
            crawl.ledger.counts["acts_timed"] += len(ours)
            for record in read_items(crawl, ours, page.answer, campaign=False):
                yield record
            if all_before(crawl.platform, page.items[-1:], since):
                return
