"""Which posts are looked at again, and which threads are read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from passerelle.records import Record
from spiders.collecting.crawl import Crawl, Sight
from spiders.collecting.federated import Federated
from spiders.collecting.progress import told
from spiders.collecting.shape import NOT_OFFERED
from spiders.collecting.state import Followed, checks_due
from spiders.collecting.thread import Thread

_GRACE = timedelta(days=14)  # for a last look that was lost


def is_closing(crawl: Crawl, post: Followed) -> bool:
    """Whether this look at the post is to be the last one."""
    return _age(crawl, post) >= timedelta(days=crawl.run.campaign.collect.follow_up_days)


def is_over(crawl: Crawl, post: Followed) -> bool:
    """Whether the follow-up of the post ends with this run: a last look that was lost is made up for, not for ever."""
    return is_closing(crawl, post) and not (post.owed and _age(crawl, post) < _longest(crawl))


def _age(crawl: Crawl, post: Followed) -> timedelta:
    return crawl.run.clock - datetime.fromisoformat(post.created_at)


def _longest(crawl: Crawl) -> timedelta:
    return timedelta(days=crawl.run.campaign.collect.follow_up_days) + _GRACE


async def read_threads(crawl: Crawl) -> AsyncIterator[Record]:
    """The thread of each campaign post whose replies are not all known, oldest first: roots bring the rest."""
    expanded: set[str] = set()
    sights = sorted(crawl.sights.values(), key=lambda sight: (sight.created_at, sight.native))
    for sight in told(crawl.run, "threads", "fils de discussion", sights):
        if sight.native in expanded or not _wants_thread(crawl, sight):
            continue
        if reason := crawl.ledger.why_not("context"):
            crawl.owe(sight.native, reason)
            yield crawl.ledger.coverage("thread", sight.uri, sight.captured_at, 0, reason, expected=sight.replies)
            continue
        if crawl.platform.thread(sight.native) is None:
            yield crawl.ledger.coverage("thread", sight.uri, sight.captured_at, 0, NOT_OFFERED, expected=sight.replies)
            continue
        thread = Thread(crawl, sight)
        async for record in thread.read():
            yield record
        platform = crawl.platform
        if thread.is_read and crawl.run.campaign.collect.homes and isinstance(platform, Federated):
            async for record in platform.elsewhere(crawl, thread):
                yield record
        crawl.owe(sight.native, thread.reason)
        yield thread.coverage()
        expanded |= thread.natives
        if thread.is_read:
            crawl.read_threads |= thread.natives


def _wants_thread(crawl: Crawl, sight: Sight) -> bool:
    followed = crawl.state.followed.get(sight.native)
    if followed is None:
        return is_open(crawl, sight) and (sight.replies != 0 or sight.unknown_parent is not None)
    if sight.replies is None:
        return is_due(crawl, followed)  # nobody says whether there are new ones
    return sight.replies != followed.replies and sight.replies != 0


def is_due(crawl: Crawl, post: Followed) -> bool:
    """Whether a followed post has reached an age at which it is looked at again, or the last run could not look."""
    due = checks_due(post, crawl.run.clock, crawl.run.campaign.collect.recheck_hours) > post.num_checks
    return due or post.owed or is_closing(crawl, post)


def is_open(crawl: Crawl, sight: Sight) -> bool:
    """Whether a post that is not followed (yet) is new to us, not one whose follow-up has ended."""
    fresh = crawl.run.clock - sight.created_at < timedelta(days=crawl.run.campaign.collect.follow_up_days)
    return fresh or sight.native in crawl.new
