"""What the campaign's posts answer or quote and nobody showed: asked for one by one, within bounds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from passerelle.records import Record
from spiders.collecting.crawl import Crawl
from spiders.collecting.ledger import REFUSALS
from spiders.collecting.reading import read_items
from spiders.collecting.waiting import Waiting

MAX_ASKED = 200


async def read_parents(crawl: Crawl) -> AsyncIterator[Record]:
    """The public posts that others wait for; what was asked for, there or not, is not asked for again in later runs.

    Once all that a run shows has been read: a person's history may hold what another person's post answers.
    """
    crawl.ledger.counts["parents_asked"] += 0
    for native, at in _wanted(crawl):
        if not crawl.names.knows(native) and native not in crawl.state.parents:
            async for record in ask_for_parent(crawl, native, at):
                yield record


async def ask_for_parent(crawl: Crawl, native: str, at: str) -> AsyncIterator[Record]:
    """What the server shows under `native`, once a run; `crawl.parents` keeps how that ended."""
    if native in crawl.parents:
        return
    counts = crawl.ledger.counts
    if counts["parents_asked"] >= MAX_ASKED or crawl.ledger.denied("status") or crawl.api.lost:
        counts["parents_not_asked"] += 1
        return
    counts["parents_asked"] += 1
    answer = await crawl.api.ask(crawl.platform.post(native))
    crawl.ledger.note("status", answer)
    crawl.parents[native] = answer.outcome
    if answer.outcome == "ok":
        for record in read_items(crawl, [answer.payload], answer, campaign=False):
            yield record
    if answer.outcome in ("ok", "gone", "withheld", *REFUSALS):
        crawl.state.remember_parent(native, crawl.names.post(native) if crawl.names.knows(native) else "", at)


def _wanted(crawl: Crawl) -> Iterator[tuple[str, str]]:
    """Ids that the campaign's posts wait for, then those that answer a participant, each with the post's time."""
    for campaign in (True, False):
        for waiting in crawl.waiting:
            if waiting.campaign is campaign and (campaign or _answers_participant(crawl, waiting)):
                yield from ((native, waiting.record.captured_at.isoformat()) for native in waiting.natives)


def _answers_participant(crawl: Crawl, waiting: Waiting) -> bool:
    """Whether it answers somebody who takes part, and who does not refuse what they write elsewhere."""
    local = waiting.author
    if local is None or not (local in crawl.people or local in crawl.state.histories):
        return False
    return crawl.refusal_of_history(crawl.names.accounts.get(local, "")) is None
