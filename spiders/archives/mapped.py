"""Any CSV or JSONL of one post a row, read through the column mapping of a campaign file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from passerelle.campaign import Mapping as Columns
from passerelle.hashtags import hashtags_in
from passerelle.records import AccountRecord, Evidence, MentionRecord, PostRecord, Record
from spiders.archives.fields import FieldError, iso_time

_NO_COLUMNS = ("platform", "time_format", "list_separator")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {"unix": 1, "unix_ms": 1000}

MappedRow = Mapping[str, Any]


def needed(columns: Columns) -> list[str]:
    """The columns that a CSV file must have."""
    return [value for key, value in columns.model_dump(exclude=set(_NO_COLUMNS)).items() if value is not None]


class Mapped:
    """Reads rows by `columns`; JSON rows may name a nested value by a dotted path."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    def captured_at(self, row: MappedRow) -> datetime | None:
        """When the row says that it was captured."""
        return self._time(row, self._columns.captured_at) if self._cell(row, self._columns.captured_at) else None

    def records_of_row(self, row: MappedRow, captured_at: datetime, source: str) -> Iterator[Record]:
        """The post of one row, after its author."""
        yield self._account(row, captured_at, source)
        yield self._post(row, captured_at, source)

    def _post(self, row: MappedRow, captured_at: datetime, source: str) -> PostRecord:
        c = self._columns
        return PostRecord(
            platform=c.platform,
            post=self._post_id(row, c.post, required=True) or "",
            author=self._account_id(row, c.author, required=True) or "",
            created_at=self._time(row, c.created_at),
            captured_at=captured_at,
            source=source,
            text=self._cell(row, c.text) or "",
            text_format="plain",
            language=self._cell(row, c.language),
            hashtags=self._hashtags(row),
            mentions=tuple(self._mention(name) for name in self._list(row, c.mentions)),
            reply_to=self._post_id(row, c.reply_to),
            reply_to_author=self._account_id(row, c.reply_to_author),
            root=self._post_id(row, c.root),
            repost_of=self._post_id(row, c.repost_of),
            repost_of_author=self._account_id(row, c.repost_of_author),
            quote_of=self._post_id(row, c.quote_of),
            quote_of_author=self._account_id(row, c.quote_of_author),
            replies=self._count(row, c.replies),
            reposts=self._count(row, c.reposts),
            quotes=self._count(row, c.quotes),
            favourites=self._count(row, c.favourites),
        )

    def _hashtags(self, row: MappedRow) -> tuple[str, ...]:
        """Those of the mapped column; files without one say them in the text only."""
        c = self._columns
        return tuple(self._list(row, c.hashtags) if c.hashtags else hashtags_in(self._cell(row, c.text) or ""))

    def _account(self, row: MappedRow, captured_at: datetime, source: str) -> AccountRecord:
        c = self._columns
        author = self._cell(row, c.author) or ""
        account = self._account_id(row, c.author, required=True) or ""
        return AccountRecord(
            platform=c.platform,
            account=account,
            handle=handle(c.platform, self._cell(row, c.author_handle) or author),
            captured_at=captured_at,
            source=source,
            instance=account.rpartition("@")[2] if account.startswith("acct:") else None,
            followers=self._count(row, c.followers),
            evidence=Evidence(note=self._cell(row, c.author_bio) or ""),
        )

    def _mention(self, name: str) -> MentionRecord:
        platform = self._columns.platform
        return MentionRecord(account=account_identity(platform, name), handle=handle(platform, name))

    def _post_id(self, row: MappedRow, column: str | None, required: bool = False) -> str | None:
        value = self._identifier(row, column, required)
        return post_identity(self._columns.platform, value) if value else None

    def _account_id(self, row: MappedRow, column: str | None, required: bool = False) -> str | None:
        value = self._identifier(row, column, required)
        return account_identity(self._columns.platform, value) if value else None

    def _identifier(self, row: MappedRow, column: str | None, required: bool) -> str | None:
        value = self._cell(row, column)
        if required and not value:
            raise FieldError(column or "")
        return value

    def _cell(self, row: MappedRow, column: str | None) -> str | None:
        """A cell as text; null for an empty one and for a column that is not mapped."""
        value = _value(row, column) if column else None
        if value is None or isinstance(value, str):
            return value.strip() or None if value else None
        if isinstance(value, (bool, float, list, dict)):
            raise FieldError(column or "")
        return str(value)

    def _list(self, row: MappedRow, column: str | None) -> list[str]:
        value = _value(row, column) if column else None
        if isinstance(value, list):
            parts = [str(part) for part in value]
        else:
            separator = self._columns.list_separator
            parts = (self._cell(row, column) or "").split(None if separator == " " else separator)
        return [name for part in parts if (name := part.strip())]

    def _time(self, row: MappedRow, column: str | None) -> datetime:
        column, form = column or "", self._columns.time_format
        value = _value(row, column)
        try:
            if form in _UNITS:
                return _EPOCH + timedelta(seconds=float(value) / _UNITS[form])
            if form == "iso":
                return iso_time(value, column)
            moment = datetime.strptime(value, form)  # noqa: DTZ007 (the zone comes below)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (TypeError, ValueError, OverflowError):
            raise FieldError(column) from None

    def _count(self, row: MappedRow, column: str | None) -> int | None:
        value = _value(row, column) if column else None
        if value in (None, ""):
            return None
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise FieldError(column or "") from None
        if isinstance(value, bool) or not number.is_integer() or number < 0:
            raise FieldError(column or "")
        return int(number)


def post_identity(platform: str, value: str) -> str:
    """Canonical identity of a post: its URI where `value` is one, else platform and id."""
    return value if "://" in value else f"{platform}:{value}"


def account_identity(platform: str, value: str) -> str:
    """Canonical identity of an account: ``acct:user@host`` in the Mastodon family, else platform and id."""
    name = value.lstrip("@")
    if platform == "mastodon" and "@" in name:
        return f"acct:{name.lower()}"
    return f"{platform}:{name}"


def handle(platform: str, name: str) -> str:
    """A handle as it is hidden: ``<platform>:@name``."""
    return f"{platform}:@{name.lstrip('@')}"


def _value(row: MappedRow, column: str) -> Any:
    """The value of `column`, or of a dotted path into nested objects; null where there is none."""
    if column in row:
        return row[column]
    value: Any = row
    for part in column.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return None
        value = value[part]
    return value
