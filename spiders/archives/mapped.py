"""Any table or JSON of one post a row, read through the column mapping of a campaign file."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from passerelle.campaign import Mapping as Columns
from passerelle.hashtags import hashtags_in
from passerelle.records import AccountRecord, Evidence, MentionRecord, PostRecord, Record, TextFormat
from spiders.archives import cells
from spiders.archives.fields import FieldError, iso_time
from spiders.archives.identities import account_identity, handle, host_of, post_identity
from spiders.archives.listed import Item, items
from spiders.archives.reposts import Originals, reposted
from spiders.archives.times import Times

_NO_COLUMNS = ("platform", "time_format", "time_zone", "list_separator", "text_format", "encoding", "one_author")
_CUT_TAG = re.compile(r"[#＃]\w+…")
_MARKUP = re.compile(
    r"</?(?:p|br|a|div|span|b|i|em|strong|u|s|ul|ol|li|blockquote|q|img|pre|code|h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_TAG = re.compile(r"<[^>]*>")
_OF_ITSELF = "names the post itself"
_NAMES = ("acct", "username", "screen_name", "handle", "name")
_IDS = ("id_str", "id", "did")
_TAGS = ("tag", "text", "name", "hashtag")

MappedRow = Mapping[str, Any]


def needed(columns: Columns) -> list[str]:
    """The columns that a table must have."""
    return [value for key, value in columns.model_dump(exclude=set(_NO_COLUMNS)).items() if value is not None]


class Mapped:
    """Reads the rows of one file by `columns`; JSON rows may name a nested value by a dotted path.

    `originals` knows the posts that ``RT @name: …`` may repeat, where no column says it. `missing` are the columns that
    no row had so far, `below_zero` counts the counters that are no number of anything.
    """

    def __init__(self, columns: Columns, originals: Originals | None = None) -> None:
        self._columns = columns
        self.times = Times(columns.time_format, columns.time_zone)
        self._seen_times = Times(columns.time_format, columns.time_zone)
        self._originals = originals or Originals()
        self._blanks: set[str] = set()
        self.missing = set(needed(columns))
        self.below_zero = 0

    def captured_at(self, row: MappedRow) -> datetime | None:
        """When the row says that it was captured, as the other times are written or in ISO 8601."""
        column = self._columns.captured_at
        value = self._identifier(row, column)
        if value is None or column is None:
            return None
        try:
            return self._seen_times.read(value, column)
        except FieldError:
            return iso_time(value, column)

    def records_of_row(self, row: MappedRow, captured_at: datetime, source: str) -> Iterator[Record]:
        """The post of one row, after its author."""
        yield self._account(row, captured_at, source)
        yield self._post(row, captured_at, source)

    def _post(self, row: MappedRow, captured_at: datetime, source: str) -> PostRecord:
        c = self._columns
        post = self._required(self._post_id(row, c.post), c.post)
        about: dict[str, Any] = {
            "reply_to": self._relation(row, c.reply_to, post),
            "root": self._post_id(row, c.root),
            "repost_of": self._relation(row, c.repost_of, post),
            "quote_of": self._relation(row, c.quote_of, post),
            "reply_to_author": self._account_id(row, c.reply_to_author),
            "repost_of_author": self._account_id(row, c.repost_of_author),
            "quote_of_author": self._account_id(row, c.quote_of_author),
        }
        text = self._words(row)
        form = self._form(text)
        return PostRecord(
            platform=c.platform,
            post=post,
            author=self._author(row),
            created_at=self.times.read(self._value(row, c.created_at), c.created_at),
            captured_at=captured_at,
            source=source,
            text=text,
            text_format=form,
            language=self._language(row),
            hashtags=self._hashtags(row, text, form),
            mentions=tuple(self._mention(item, row) for item in self._items(row, c.mentions)),
            replies=self._count(row, c.replies),
            reposts=self._count(row, c.reposts),
            quotes=self._count(row, c.quotes),
            favourites=self._count(row, c.favourites),
            **(about | self._repeated(text, about["repost_of_author"])),
        )

    def _repeated(self, text: str, author: str | None) -> dict[str, str | None]:
        """What ``RT @name: …`` repeats, in a file that says it in no other way."""
        if self._columns.repost_of or not (found := reposted(text)):
            return {}
        original = self._originals.find(self._columns.platform, found[1])
        return {"repost_of": original, "repost_of_author": author or self._person(found[0])}

    def _words(self, row: MappedRow) -> str:
        """The text; what stands for an empty cell elsewhere in the file does so here."""
        column = self._columns.text
        text = cells.text_of_cell(self._value(row, column), column) if column else ""
        return "" if text in self._blanks else text

    def _language(self, row: MappedRow) -> str | None:
        """The first where a row lists several."""
        column = self._columns.language
        value = self._value(row, column)
        return self._identifier({column: value[0]} if column and isinstance(value, list) and value else row, column)

    def _form(self, text: str) -> TextFormat:
        stated = self._columns.text_format
        if stated != "auto":
            return stated
        return "html" if "<" in text and _MARKUP.search(text) else "plain"

    def _hashtags(self, row: MappedRow, text: str, form: TextFormat) -> tuple[str, ...]:
        """Those of the mapped column; files without one say them in the text only."""
        column = self._columns.hashtags
        if not column:
            plain = html.unescape(_TAG.sub("", text)) if form == "html" else text
            return tuple(tag for tag in hashtags_in(_CUT_TAG.sub("", plain)) if not tag.isdigit())
        found = [_named(item, _TAGS) for item in self._items(row, column)]
        if None in found:
            raise FieldError(column)
        return tuple(tag for tag in found if tag)

    def _account(self, row: MappedRow, captured_at: datetime, source: str) -> AccountRecord:
        c = self._columns
        account = self._author(row)
        name = self._identifier(row, c.author_handle) or self._identifier(row, c.author) or ""
        return AccountRecord(
            platform=c.platform,
            account=account,
            handle=handle(c.platform, name),
            captured_at=captured_at,
            source=source,
            instance=account.rpartition("@")[2] if account.startswith("acct:") else None,
            followers=self._count(row, c.followers),
            evidence=Evidence(
                note=cells.text_of_cell(self._value(row, c.author_bio), c.author_bio) if c.author_bio else ""
            ),
        )

    def _author(self, row: MappedRow) -> str:
        column = self._columns.author
        name = self._required(self._identifier(row, column), column)
        if name in cells.GONE:
            raise FieldError(column, cells.GONE_AUTHOR)
        return self._person(name, row, column)

    def _mention(self, item: Item, row: MappedRow) -> MentionRecord:
        """By name, and by id where the list says both."""
        platform, column = self._columns.platform, self._columns.mentions or ""
        name, native = _named(item, _NAMES), _named(item, _IDS) if isinstance(item, Mapping) else None
        if not name and not native:
            raise FieldError(column)
        if platform == "mastodon":
            url = item.get("url") if isinstance(item, Mapping) else None
            account = self._person(name or "", row, column, host_of(url))
            return MentionRecord(account=account, handle=handle(platform, account.removeprefix("acct:")))
        return MentionRecord(
            account=account_identity(platform, native or name or ""), handle=handle(platform, name or "")
        )

    def _person(self, name: str, row: MappedRow | None = None, column: str = "", host: str | None = None) -> str:
        """An account's identity; in the Mastodon family its server may stand in the profile's address beside it."""
        if row is not None and self._columns.platform == "mastodon" and not host:
            beside, dot, last = column.rpartition(".")
            host = host_of(_found(row, f"{beside}.url")) if dot and last in ("acct", "username") else None
        try:
            return account_identity(self._columns.platform, name, host)
        except FieldError as error:
            raise FieldError(column, str(error).partition("' ")[2]) from None

    def _relation(self, row: MappedRow, column: str | None, post: str) -> str | None:
        about = self._post_id(row, column)
        if about == post:
            raise FieldError(column or "", _OF_ITSELF)
        return about

    def _post_id(self, row: MappedRow, column: str | None) -> str | None:
        value = self._identifier(row, column)
        return post_identity(self._columns.platform, value) if value else None

    def _account_id(self, row: MappedRow, column: str | None) -> str | None:
        value = self._identifier(row, column)
        return self._person(value, row, column or "") if value and value not in cells.GONE else None

    def _required(self, value: str | None, column: str) -> str:
        if not value:
            raise FieldError(column, cells.EMPTY)
        return value

    def _identifier(self, row: MappedRow, column: str | None) -> str | None:
        if column is None:
            return None
        value = self._value(row, column)
        found = cells.identifier(value, column)
        if found is None and value and isinstance(value, str) and value.strip() in cells.BLANKS:
            self._blanks.add(value.strip())
        is_nothing = found == "-1" or (found == "0" and self._columns.platform in ("twitter", "x"))
        return None if is_nothing else found

    def _items(self, row: MappedRow, column: str | None) -> list[Item]:
        return items(self._value(row, column), self._columns.list_separator, column) if column else []

    def _count(self, row: MappedRow, column: str | None) -> int | None:
        value = cells.count_of_cell(self._value(row, column), column) if column else None
        if value is None or value >= 0:
            return value
        self.below_zero += 1
        return None

    def _value(self, row: MappedRow, column: str | None) -> Any:
        if column is None:
            return None
        if column in self.missing and (column in row or column.partition(".")[0] in row):
            self.missing.discard(column)
        return _found(row, column)


def joined(records: Iterator[Record]) -> Iterator[Record]:
    """The same; rows next to each other that repeat one post, each with another mention or hashtag, are one post."""
    held: PostRecord | None = None
    for record in records:
        if not isinstance(record, PostRecord):
            yield record
            continue
        if held is not None and held.post == record.post and (both := _both(held, record)):
            held = both
            continue
        if held is not None:
            yield held
        held = record
    if held is not None:
        yield held


def _both(one: PostRecord, other: PostRecord) -> PostRecord | None:
    if (one.mentions, one.hashtags) == (other.mentions, other.hashtags):
        return None
    alike = replace(other, mentions=one.mentions, hashtags=one.hashtags, captured_at=one.captured_at, where=one.where)
    if alike != one:
        return None
    mentions = tuple(dict.fromkeys(one.mentions + other.mentions))
    return replace(one, mentions=mentions, hashtags=tuple(dict.fromkeys(one.hashtags + other.hashtags)))


def _named(item: Item, keys: tuple[str, ...]) -> str | None:
    """What a list's entry is called: itself, or the first of `keys` that an object has."""
    if isinstance(item, str):
        return item
    return next((text for key in keys if (value := item.get(key)) is not None and (text := str(value).strip())), None)


def _found(row: MappedRow, column: str) -> Any:
    """The value of `column`, or of a dotted path into nested objects; null where there is none."""
    if column in row:
        return row[column]
    value: Any = row
    for part in column.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return None
        value = value[part]
    return value
