"""Tables written by the R package rtweet (``write_as_csv`` and the like)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from passerelle.hashtags import hashtags_in
from passerelle.records import AccountRecord, Evidence, MentionRecord, PostRecord, Record
from spiders.archives.fields import FieldError, Spare, iso_language, iso_time, optional_id, tweet_id
from spiders.archives.reposts import Originals, reposted
from spiders.archives.tables import CsvRow
from spiders.archives.tweets_v1 import PLATFORM, mention_record

NEEDED = ("status_id", "user_id", "created_at", "text", "screen_name")
_REPOST = re.compile(r"RT @(\w+)")
_RUN = re.compile(r"(?:@\w+\s+)+")


def records_of_row(row: CsvRow, originals: Originals, captured_at: datetime, source: str) -> Iterator[Record]:
    """The post of one row after its author; before them the retweeted and quoted posts where the table holds them."""
    for kind in ("retweet", "quoted"):
        if all(_given(row, f"{kind}_{column}") for column in ("text", "created_at", "user_id")):
            yield _embedded(row, kind, captured_at, source)
    yield _account(row, captured_at, source)
    yield _post(row, originals, captured_at, source)


def _post(row: CsvRow, originals: Originals, captured_at: datetime, source: str) -> PostRecord:
    reply_to = _first(row, "in_reply_to_status_status_id", "reply_to_status_id")
    reply_to_author, spare = _first(row, "in_reply_to_status_user_id", "reply_to_user_id"), Spare()
    return PostRecord(
        platform=PLATFORM,
        post=_id(row, "status_id"),
        author=_id(row, "user_id"),
        created_at=iso_time(row["created_at"], "created_at"),
        captured_at=captured_at,
        source=source,
        text=row["text"],
        text_format="plain",
        language=iso_language(_given(row, "lang")),
        hashtags=tuple(_words(row, "hashtags")),
        mentions=spare.read("mentions", lambda: _mentions(row, is_reply=bool(reply_to_author))) or (),
        reply_to=optional_id(reply_to, "in_reply_to_status_status_id"),
        reply_to_author=optional_id(reply_to_author, "in_reply_to_status_user_id"),
        repost_of=_original(row, originals),
        repost_of_author=_author_of_original(row),
        quote_of=optional_id(_first(row, "quote_status_id", "quoted_status_id"), "quote_status_id"),
        quote_of_author=optional_id(_first(row, "quoted_user_id"), "quoted_user_id"),
        visibility="protected" if _given(row, "protected") == "TRUE" else "public",
        replies=spare.read("replies", lambda: _count(row, "reply_count")),
        reposts=spare.read("reposts", lambda: _count(row, "retweet_count")),
        quotes=spare.read("quotes", lambda: _count(row, "quote_count")),
        favourites=spare.read("favourites", lambda: _count(row, "favorite_count")),
        has_media=bool(_given(row, "media_url")),
        left_out=spare.left_out,
    )


def _original(row: CsvRow, originals: Originals) -> str | None:
    """The post repeated: by its id, else by its words where the table only says that the row is a repost."""
    if stated := _first(row, "retweet_status_id"):
        return tweet_id(stated, "retweet_status_id")
    found = reposted(row["text"]) if _given(row, "is_retweet") in ("TRUE", "True", "true") else None
    return originals.find(PLATFORM, found[1]) if found else None


def _embedded(row: CsvRow, kind: str, captured_at: datetime, source: str) -> PostRecord:
    """A post that the table holds only beside another one, without tags and mentions of its own."""
    spare = Spare()
    return PostRecord(
        platform=PLATFORM,
        post=tweet_id(_plain(row[f"{kind}_status_id"]), f"{kind}_status_id"),
        author=tweet_id(_plain(row[f"{kind}_user_id"]), f"{kind}_user_id"),
        created_at=iso_time(row[f"{kind}_created_at"], f"{kind}_created_at"),
        captured_at=captured_at,
        source=source,
        text=row[f"{kind}_text"],
        text_format="plain",
        hashtags=tuple(hashtags_in(row[f"{kind}_text"])),
        reposts=spare.read("reposts", lambda: _count(row, f"{kind}_retweet_count")),
        favourites=spare.read("favourites", lambda: _count(row, f"{kind}_favorite_count")),
        embedded=True,
        left_out=spare.left_out,
    )


def _account(row: CsvRow, captured_at: datetime, source: str) -> AccountRecord:
    created_at, spare = _given(row, "account_created_at"), Spare()
    return AccountRecord(
        platform=PLATFORM,
        account=_id(row, "user_id"),
        handle=f"{PLATFORM}:@{row['screen_name']}",
        captured_at=captured_at,
        source=source,
        created_at=spare.read("created_at", lambda: iso_time(created_at, "created_at")) if created_at else None,
        followers=spare.read("followers", lambda: _count(row, "followers_count")),
        evidence=Evidence(note=_given(row, "description") or ""),
        left_out=spare.left_out,
    )


def _mentions(row: CsvRow, is_reply: bool) -> tuple[MentionRecord, ...]:
    """A reply's unbroken run of mentions at its beginning was set by the platform (display ranges are not kept)."""
    run = _RUN.match(row["text"]) if is_reply else None
    set_by_platform = {name.lstrip("@").casefold() for name in run[0].split()} if run else set()
    ids, names = _words(row, "mentions_user_id"), _words(row, "mentions_screen_name")
    if len(ids) != len(names):
        raise FieldError("mentions_user_id")
    return tuple(
        mention_record(_plain(native), name, name.casefold() in set_by_platform)
        for native, name in zip(ids, names, strict=True)
    )


def _author_of_original(row: CsvRow) -> str | None:
    """``retweet_user_id``, or the account that ``RT @name`` names when it is the first mention."""
    if stated := _first(row, "retweet_user_id"):
        return tweet_id(stated, "retweet_user_id")
    named, names = _REPOST.match(row["text"]), _words(row, "mentions_screen_name")
    if _first(row, "retweet_status_id") and named and names and names[0].casefold() == named[1].casefold():
        return tweet_id(_plain(_words(row, "mentions_user_id")[0]), "mentions_user_id")
    return None


def _given(row: CsvRow, column: str) -> str | None:
    value = row.get(column, "")
    return value if value not in ("", "NA") else None


def _first(row: CsvRow, *columns: str) -> str | None:
    return next((_plain(value) for column in columns if (value := _given(row, column))), None)


def _words(row: CsvRow, column: str) -> list[str]:
    return (_given(row, column) or "").split()


def _id(row: CsvRow, column: str) -> str:
    return tweet_id(_plain(row[column]), column)


def _plain(native: str) -> str:
    """rtweet may put an ``x`` before an id to keep spreadsheets from rounding it."""
    return native.removeprefix("x")


def _count(row: CsvRow, column: str) -> int | None:
    value = _given(row, column)
    if value is None:
        return None
    if not value.isdigit():
        raise FieldError(column)
    return int(value)
