"""What the campaign's posts answer or quote and nobody showed: asked for one by one, within bounds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from passerelle.records import Record
from spiders.collecting.crawl import REFUSALS, Crawl
from spiders.collecting.waiting import Waiting

MAX_ASKED = 200


async def read_parents(crawl: Crawl) -> AsyncIterator[Record]:
    """The public posts that others wait for; what was asked for, there or not, is not asked for again in later runs.

    Once all that a run shows has been read: a person's history may hold what another person's post answers.
    """
    num_asked = 0
    for native, at in _wanted(crawl):
        if crawl.names.knows(native) or native in crawl.state.parents:
            continue
        if num_asked >= MAX_ASKED or crawl.denied("status") or crawl.api.lost:
            crawl.counts["parents_not_asked"] += 1
            continue
        num_asked += 1
        answer = await crawl.api.get(crawl.platform.post(native))
        crawl.note("status", answer)
        if answer.outcome == "ok":
            for record in crawl.read([answer.payload], answer, campaign=False):
                yield record
        if answer.outcome in ("ok", "gone", "withheld", *REFUSALS):
            crawl.state.remember_parent(native, crawl.names.post(native) if crawl.names.knows(native) else "", at)
    crawl.counts["parents_asked"] += num_asked


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
