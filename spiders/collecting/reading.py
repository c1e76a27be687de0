"""What the pages of a crawl show, as records: each once, in order, what cannot be read set aside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from passerelle.records import DeletionRecord, MalformedRecord, PostRecord, Record
from spiders.asking.answers import Answer
from spiders.collecting.crawl import Crawl
from spiders.collecting.shape import MALFORMED, Item, Seen, why_unread
from spiders.collecting.values import native_id
from spiders.collecting.waiting import Waiting


def read_items(
    crawl: Crawl, items: Sequence[Item], answer: Answer, *, campaign: bool, keep: bool = True
) -> Iterator[Record]:
    """Records of a page. `campaign` posts are followed and their authors take part.

    Replies whose parent is not known yet wait for :func:`settle`; `keep` remembers what was yielded.
    """
    unread = [_learnt(crawl, item) for item in items]
    for item, error in zip(items, unread, strict=True):
        if error is not None:
            yield _malformed(crawl, item, answer, error)
            continue
        try:
            yield from _item(crawl, item, answer.captured_at, campaign, keep)
        except MALFORMED as wrong:
            yield _malformed(crawl, item, answer, wrong)


def settle(crawl: Crawl) -> Iterator[Record]:
    """The posts that waited for what they answer or quote; those for which it stayed unknown are counted."""
    for post in crawl.waiting:
        record = post.settled(crawl.names)
        crawl.ledger.counts["unresolved_parents"] += not all(map(crawl.names.knows, post.natives))
        for native in filter(crawl.names.knows, post.natives if post.campaign else ()):
            crawl.state.remember_parent(native, crawl.names.post(native), record.captured_at.isoformat())
        yield from crawl.once(record, keep=post.keep)
    crawl.waiting.clear()


def _learnt(crawl: Crawl, item: Item) -> Exception | None:
    try:
        crawl.platform.learn(item)
    except MALFORMED as error:
        return error
    return None


def _malformed(crawl: Crawl, item: Item, answer: Answer, error: Exception) -> MalformedRecord:
    native = native_id(item) if isinstance(item, dict) else None
    reason = why_unread(error)
    where = f"{answer.url}#{native}"
    return MalformedRecord(source=crawl.run.source, where=where, reason=reason, captured_at=answer.captured_at)


def _item(crawl: Crawl, item: Item, at: datetime, campaign: bool, keep: bool) -> Iterator[Record]:
    shown = crawl.platform.read(item, at)
    # of the campaign's own nothing is followed before all of it was read
    for seen in list(shown) if campaign else shown:
        yield from _seen(crawl, seen, at, campaign, keep)
        if seen.role == "repost" and not campaign:
            if not crawl.is_ours(item):
                return
            _takes_part(crawl, seen, at)


def _seen(crawl: Crawl, seen: Seen, at: datetime, campaign: bool, keep: bool) -> Iterator[Record]:
    record = seen.record
    if campaign and seen.role == "repost":
        _takes_part(crawl, seen, at)
    if campaign and seen.role == "post" and isinstance(record, PostRecord):
        crawl.sight(seen, record)
        crawl.take_part(seen.local, record.author, record.created_at)
    _without_words(crawl, seen, at, campaign)
    if seen.account is not None:
        yield from crawl.account(seen.account)
    if isinstance(record, PostRecord):
        # of the unwilling only what the campaign itself shows
        if seen.role != "quoted" or campaign or record.author not in crawl.unwilling:
            yield from _post(crawl, seen, record, campaign, keep)
    elif isinstance(record, DeletionRecord):
        if (named := seen.native or record.post) not in crawl.gone:
            crawl.gone.add(named)
            yield record
    elif record is not None:
        yield record


def _without_words(crawl: Crawl, seen: Seen, at: datetime, campaign: bool) -> None:
    if campaign and seen.head is not None:
        crawl.open_thread(seen.native, seen.head, at)
    if seen.role == "withheld":
        crawl.withheld.add(seen.native)


def _takes_part(crawl: Crawl, seen: Seen, at: datetime) -> None:
    if seen.account is not None:
        crawl.take_part(seen.local, seen.account.account, at)


def _post(crawl: Crawl, seen: Seen, record: PostRecord, campaign: bool, keep: bool) -> Iterator[Record]:
    if seen.native and seen.role in ("post", "quoted") and crawl.names.shown_as(seen.native) != record.post:
        record = replace(record, shown_as=crawl.names.shown_as(seen.native))
    referred = dict.fromkeys(filter(None, (seen.parent, seen.quoted, seen.root)))
    named = (record.reply_to, record.quote_of, record.root)
    natives = tuple(native for native in referred if crawl.names.stand_in(native) in named)
    if natives:
        asks = campaign and seen.role != "quoted"  # what a post inside another answers is not asked for
        crawl.waiting.add(Waiting(record=record, natives=natives, author=seen.answers, campaign=asks, keep=keep))
        return
    yield from crawl.once(record, keep=keep)
