"""The home servers of authors, asked without a token for the replies that the source counts but does not show."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable
from urllib.parse import quote, urlsplit

from passerelle.errors import UsageError
from passerelle.policy import instance_of, is_denied
from passerelle.records import AccountRecord, MalformedRecord, PostRecord, Record
from spiders.asking.answers import SILENT
from spiders.asking.robots import LONGEST_HOME_DELAY, read_rules
from spiders.collecting.crawl import Crawl, Sight
from spiders.collecting.reading import read_items, settle
from spiders.collecting.shape import MALFORMED, Platform
from spiders.collecting.state import CrawlState
from spiders.collecting.thread import Thread
from spiders.collecting.values import Json, native_id
from spiders.platforms.mastodon.names import FediverseNames

# Mastodon and GoToSocial, Mastodon's numbered accounts, Takahē: the servers whose URIs hold the id that their API takes
_POST = re.compile(r"/(?:users/[^/]+/statuses|ap/users/\d+/statuses|@[^/]+/posts)/(\w+)/?")
_MAX_POSTS = 5
AtHome = Callable[[str, str], Platform]  # the platform on the server of a host, whose accounts have a domain


async def read_homes(crawl: Crawl, thread: Thread, opened: AtHome) -> AsyncIterator[Record]:
    """What the authors' own servers show of `thread` beyond the source; those who wrote it take part."""
    for sight in thread.missing()[:_MAX_POSTS]:
        place = _place(crawl, sight)
        home = await _home(crawl, opened, *place) if place else None
        if home is None or home.ledger.denied("context") or home.api.lost or sight not in thread.missing():
            continue
        async for record in _read(crawl, thread, home, sight):
            yield record


def _place(crawl: Crawl, sight: Sight) -> tuple[str, str] | None:
    """Host and account domain of the home of the post's author; None where it is the source, or may not be asked."""
    parts, domain = urlsplit(sight.uri), instance_of(sight.author)
    host, own = parts.netloc.lower(), {crawl.run.source.lower(), crawl.names.domain.lower()}
    if not _POST.fullmatch(parts.path) or domain is None or own & {host, domain}:
        return None
    denied = crawl.run.campaign.deny_instances
    return None if is_denied(domain, denied) or is_denied(host, denied) else (host, domain)


async def _home(crawl: Crawl, opened: AtHome, host: str, domain: str) -> Crawl | None:
    """The crawl of a home server, with a memory of its own; None where it may not be read. Asked once a run.

    What its robots.txt forbids of its paths is seen to at each of them.
    """
    if host not in crawl.homes:
        crawl.homes[host] = await _opened(crawl, opened, host, domain)
        crawl.ledger.counts["homes_refused" if crawl.homes[host] is None else "homes_asked"] += 1
    return crawl.homes[host]


async def _opened(crawl: Crawl, opened: AtHome, host: str, domain: str) -> Crawl | None:
    try:
        api = crawl.api.at_home(host)
    except UsageError:
        return None
    rules, robots = await read_rules(api, crawl.run.campaign)
    if robots.outcome in SILENT or rules.delay > LONGEST_HOME_DELAY:
        return None
    home = Crawl(crawl.run, api, opened(host, domain), CrawlState())
    home.unwilling = crawl.unwilling
    return home


async def _read(crawl: Crawl, thread: Thread, home: Crawl, sight: Sight) -> AsyncIterator[Record]:
    native = urlsplit(sight.uri).path.rstrip("/").rpartition("/")[2]
    answer = await home.api.ask(home.platform.post(native))
    home.ledger.note("context", answer)
    if answer.outcome != "ok":
        return
    records = list(read_items(home, [answer.payload], answer, campaign=True))
    own = home.sights.get(native)
    if own is None or own.uri != sight.uri:
        return  # another post goes by that id there
    theirs = Thread(home, own)
    records += [record async for record in theirs.read()]
    records += settle(home)
    fresh = [sight for sight in thread.absorb(theirs) if sight.uri not in crawl.uris]
    crawl.ledger.counts["posts_from_homes"] += len(fresh)
    crawl.names.parents.update({sight.uri: sight.parent for sight in fresh if sight.parent})
    for record in _only(records, fresh):
        yield record
    async for record in _bring_in(crawl, fresh):
        yield record


def _only(records: Iterable[Record], fresh: list[Sight]) -> Iterable[Record]:
    """Of `records` what concerns `fresh` posts: the source's own view of the others stays the only one."""
    posts, authors = {sight.uri for sight in fresh}, {sight.author for sight in fresh}
    for record in records:
        if isinstance(record, PostRecord):
            if record.post in posts:
                yield record
        elif isinstance(record, MalformedRecord) or (isinstance(record, AccountRecord) and record.account in authors):
            yield record


async def _bring_in(crawl: Crawl, fresh: list[Sight]) -> AsyncIterator[Record]:
    """Have the authors of `fresh` posts take part under the source's ids, so that it is asked for their history."""
    for sight in fresh if crawl.run.campaign.collect.history_days else ():
        account = await _account(crawl, sight.author)
        if account is not None:
            crawl.take_part(native_id(account), sight.author, sight.created_at)
        else:
            yield crawl.ledger.coverage("history", sight.author, sight.captured_at, 0, "unknown_account")


async def _account(crawl: Crawl, identity: str) -> Json | None:
    """The source's account of that identity, by what is known or by asking; None where the source has none."""
    address = identity.removeprefix("acct:")
    local = next((local for local, known in crawl.names.accounts.items() if known == identity), None)
    if local is not None:
        return {"id": local, "acct": address}
    if crawl.ledger.denied("lookup") or crawl.api.lost:
        return None
    answer = await crawl.api.ask(f"/api/v1/accounts/lookup?acct={quote(address, safe='@')}")
    crawl.ledger.note("lookup", answer)
    try:
        names = FediverseNames(crawl.names.host, crawl.names.domain)
        is_theirs = answer.outcome == "ok" and names.identity(answer.payload) == identity and answer.payload["id"]
    except MALFORMED:
        is_theirs = False
    return answer.payload if is_theirs else None
