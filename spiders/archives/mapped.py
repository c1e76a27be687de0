"""Any table or JSON of one post a row, read through the column mapping of a campaign file."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from passerelle.campaign import Mapping as Columns
from passerelle.hashtags import hashtags_in
from passerelle.records import AccountRecord, Evidence, PostRecord, Record, TextFormat
from spiders.archives import cells
from spiders.archives.columns import MappedRow, every, filled, has, may_lack, needed, spellings
from spiders.archives.fields import FieldError, iso_time
from spiders.archives.identities import handle, post_identity
from spiders.archives.listed import Item, items
from spiders.archives.reposts import Originals, reposted
from spiders.archives.row_people import RowPeople, named, short_name
from spiders.archives.times import Times

_CUT_TAG = re.compile(r"[#＃]\w+…")
_MARKUP = re.compile(
    r"</?(?:p|br|a|div|span|b|i|em|strong|u|s|ul|ol|li|blockquote|q|img|pre|code|h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_TAG = re.compile(r"<[^>]*>")
_OF_ITSELF = "names the post itself"
_TAGS = ("tag", "text", "name", "hashtag")


@dataclass(frozen=True, slots=True)
class Above:
    """What a row stands under: the post that it answers, and what is said there for all below."""

    post: PostRecord
    within: str | None
    visibility: str


class Mapped:
    """Reads the rows of one file by `columns`; JSON rows may name a nested value by a dotted path.

    `originals` knows the posts that ``RT @name: …`` may repeat, where no column says it; `account` is whose file it is.
    `missing` are the columns that no row had so far, `below_zero` counts the counters that are no number of anything,
    `made` the posts that have no id of their own.
    """

    def __init__(self, columns: Columns, originals: Originals | None = None, account: str | None = None) -> None:
        self._columns = columns
        self._people = RowPeople(columns, account)
        self.times = Times(columns.time_format, columns.time_zone)
        self._seen_times = Times(columns.time_format, columns.time_zone)
        self._originals = originals or Originals()
        self._blanks: set[str] = set()
        self.missing = set(needed(columns))
        self.below_zero = self.made = 0

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

    def records_of_row(
        self, row: MappedRow, captured_at: datetime, source: str, above: Above | None = None
    ) -> Iterator[Record]:
        """The post of one row, after its author. `above`: what the row stands under, and answers."""
        post = self._post(row, captured_at, source, above)
        yield self._account(row, post)
        yield post

    def above(self, row: MappedRow, post: PostRecord, above: Above | None) -> Above:
        """What the rows under `row`, which gave `post`, stand under."""
        return Above(post, self._within(row, above), post.visibility)

    def _post(self, row: MappedRow, captured_at: datetime, source: str, above: Above | None) -> PostRecord:
        c = self._columns
        text = self._words(row)
        form = self._form(text)
        text = self._headed(row, text, form)
        name, within = self._identifier(row, c.author), self._within(row, above)
        created_at = self.times.read(self._value(row, c.created_at), c.created_at)
        post = self._own_id(row, above, (name or "", created_at.isoformat(), text))
        about = self._relations(row, post, within, above) | self._passed_on(row, text, within)
        return PostRecord(
            platform=c.platform,
            post=post,
            author=self._people.author(name, row, post, within),
            created_at=created_at,
            captured_at=captured_at,
            source=source,
            text=text,
            text_format=form,
            language=self._language(row),
            hashtags=self._hashtags(row, text, form),
            mentions=tuple(self._people.mention(item, row, within) for item in self._items(row, c.mentions)),
            visibility=self._visibility(row, above),
            replies=self._count(row, c.replies),
            reposts=self._count(row, c.reposts),
            quotes=self._count(row, c.quotes),
            favourites=self._count(row, c.favourites),
            **(about | self._repeated(text, about["repost_of_author"])),
        )

    def _own_id(self, row: MappedRow, above: Above | None, facts: tuple[str, ...]) -> str:
        """The row's id; where it has none by its mapping, or stands under another, a name made of `facts`."""
        c = self._columns
        found = self._post_id(row, c.post)
        if found or (c.post and not above):
            return self._required(found, c.post)
        self.made += 1
        return f"{c.platform}:made/{short_name(above.post.post if above else '', *facts)}"

    def _relations(self, row: MappedRow, post: str, within: str | None, above: Above | None) -> dict[str, Any]:
        c = self._columns
        top = above.post if above else None
        answered = top.post if top else self._relation(row, c.reply_to, post)
        if c.answers and not answered:
            answered = f"{c.platform}:unnamed/{short_name(post)}"
        return {
            "reply_to": answered,
            "root": (above.post.root or above.post.reply_to or above.post.post)
            if above
            else self._post_id(row, c.root),
            "repost_of": self._relation(row, c.repost_of, post),
            "quote_of": self._relation(row, c.quote_of, post),
            "reply_to_author": top.author if top else self._account_id(row, c.reply_to_author, within),
            "repost_of_author": self._account_id(row, c.repost_of_author, within),
            "quote_of_author": self._account_id(row, c.quote_of_author, within),
        }

    def _passed_on(self, row: MappedRow, text: str, within: str | None) -> dict[str, str | None]:
        """What the row shares: a repost where it adds no words, else a quote."""
        c = self._columns
        about = self._post_id(row, c.shared)
        if not about:
            return {}
        kind = "quote_of" if text else "repost_of"
        return {kind: about, f"{kind}_author": self._account_id(row, c.shared_author, within)}

    def _repeated(self, text: str, author: str | None) -> dict[str, str | None]:
        """What ``RT @name: …`` repeats, in a file that says it in no other way."""
        if self._columns.repost_of or self._columns.shared or not (found := reposted(text)):
            return {}
        original = self._originals.find(self._columns.platform, found[1])
        return {"repost_of": original, "repost_of_author": author or self._people.person(found[0])}

    def _within(self, row: MappedRow, above: Above | None) -> str | None:
        """Where the names of this row are one person each; what stands above says it for all below."""
        return self._identifier(row, self._columns.author_within) or (above.within if above else None)

    def _visibility(self, row: MappedRow, above: Above | None) -> str:
        """``public`` where the row says so, or does not say and what it answers is."""
        column = self._columns.visibility
        if not column:
            return "public"
        self._value(row, column)
        said = [str(one).casefold() for name in spellings(column) for one in every(row, name) if one not in (None, "")]
        if not said:
            return above.visibility if above else "not said"
        return "public" if {one.casefold() for one in self._columns.public} & set(said) else "not public"

    def _headed(self, row: MappedRow, text: str, form: TextFormat) -> str:
        column = self._columns.title
        title = cells.text_of_cell(self._value(row, column), column) if column else ""
        if not title or text.startswith(title):
            return text
        return f"<p>{html.escape(title, quote=False)}</p>{text}" if form == "html" else f"{title}\n\n{text}".strip()

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
        if not column or may_lack(row, column):
            plain = html.unescape(_TAG.sub("", text)) if form == "html" else text
            return tuple(tag for tag in hashtags_in(_CUT_TAG.sub("", plain)) if not tag.isdigit())
        found = [named(item, _TAGS) for item in self._items(row, column)]
        if None in found:
            raise FieldError(column)
        return tuple(tag for tag in found if tag)

    def _account(self, row: MappedRow, post: PostRecord) -> AccountRecord:
        c = self._columns
        name = self._identifier(row, c.author_handle) or self._identifier(row, c.author)
        return AccountRecord(
            platform=c.platform,
            account=post.author,
            handle=handle(c.platform, name or post.author.partition(":")[2]),
            captured_at=post.captured_at,
            source=post.source,
            instance=post.author.rpartition("@")[2] if post.author.startswith("acct:") else None,
            followers=self._count(row, c.followers),
            evidence=Evidence(
                note=cells.text_of_cell(self._value(row, c.author_bio), c.author_bio) if c.author_bio else ""
            ),
        )

    def _relation(self, row: MappedRow, column: str | None, post: str) -> str | None:
        about = self._post_id(row, column)
        if about == post:
            raise FieldError(column or "", _OF_ITSELF)
        return about

    def _post_id(self, row: MappedRow, column: str | None) -> str | None:
        value = self._identifier(row, column)
        return post_identity(self._columns.platform, value) if value else None

    def _account_id(self, row: MappedRow, column: str | None, within: str | None) -> str | None:
        value = self._identifier(row, column)
        if not value or value in cells.GONE:
            return None
        return self._people.person(value, row, column or "", within=within)

    def _required(self, value: str | None, column: str) -> str:
        if not value:
            raise FieldError(column, cells.EMPTY)
        return value

    def _identifier(self, row: MappedRow, column: str | None) -> str | None:
        if not column:
            return None
        value = self._value(row, column)
        found = cells.identifier(value, column)
        if found is None and value and isinstance(value, str) and value.strip() in cells.BLANKS:
            self._blanks.add(value.strip())
        is_nothing = found == "-1" or (found == "0" and self._columns.platform in ("twitter", "x"))
        return None if is_nothing else found

    def _items(self, row: MappedRow, column: str | None) -> list[Item]:
        """What a cell lists; of a path that leads through a list, what stands at each of its ends."""
        if not column:
            return []
        value = self._value(row, column)
        several = [one for name in spellings(column) for one in every(row, name)]
        return items(several if len(several) > 1 else value, self._columns.list_separator, column)

    def _count(self, row: MappedRow, column: str | None) -> int | None:
        value = cells.count_of_cell(self._value(row, column), column) if column else None
        if value is None or value >= 0:
            return value
        self.below_zero += 1
        return None

    def _value(self, row: MappedRow, column: str | None) -> Any:
        if column is None:
            return None
        if column in self.missing and has(row, column):
            self.missing.discard(column)
        return filled(row, column)
