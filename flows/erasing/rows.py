"""Rows of a table without somebody: theirs go, what others said of them is masked."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from flows.erasing.person import Person
from passerelle.erased import NO_LINK, NO_NAME, NO_POST, NOBODY
from passerelle.tables import TABLES
from pipelines.rows import version_id
from transforms.merging.keys import first_by_key

_THEIRS = ("account_id", "author_id", "repost_of_author_id", "source_id", "target_id", "beneficiary_id", "subject_id")
_OF_POSTS = ("post_id", "repost_of_id", "name_id", "subject_id", "episode_id")
_RELATIONS = (
    ("reply_to_id", "reply_to_author_id", "reply_to_is_local"),
    ("quote_of_id", "quote_of_author_id", "quote_of_is_local"),
)
_LISTS = ("mentions", "prefix_mentions")
_TOKEN = re.compile(r"(?:@|https://)?([ahlp][0-9a-f]{24})(?![0-9a-f])")


def without(name: str, rows: pa.Table, person: Person) -> pa.Table:
    """`rows` of the table `name` (same schema) without `person`."""
    rows = rows.filter(pc.invert(_theirs(rows, person)))
    if name in ("posts", "post_versions"):
        changed = _masked(rows, person)
        if name == "post_versions":
            changed = _with_versions(rows, changed)
        rows = first_by_key(changed, TABLES[name].key)
    elif "moved_to_id" in rows.column_names:
        rows = _mapped(rows, "moved_to_id", lambda value: None if value in person.account_ids else value)
    return rows


def num_theirs(rows: pa.Table, person: Person) -> int:
    """How many rows are theirs."""
    return int(pc.sum(_theirs(rows, person)).as_py() or 0)


def _theirs(rows: pa.Table, person: Person) -> pa.ChunkedArray:
    told = pa.chunked_array([pa.repeat(pa.scalar(False), rows.num_rows)])
    for columns, values in (
        (_THEIRS, person.account_ids),
        (_OF_POSTS, person.post_ids),
        (("handle_id",), person.handle_ids),
    ):
        for column in columns:
            if column in rows.column_names and not (column == "handle_id" and "followers" in rows.column_names):
                told = pc.or_(told, _among(rows[column], values))
    if "place" in rows.column_names:
        found = [not person.pseudonyms.isdisjoint(_TOKEN.findall(place or "")) for place in rows["place"].to_pylist()]
        told = pc.or_(told, pa.chunked_array([pa.array(found, pa.bool_())]))
    return told


def _masked(rows: pa.Table, person: Person) -> pa.Table:
    for post, author, flag in _RELATIONS:
        gone = pc.or_(_among(rows[post], person.post_ids), _among(rows[author], person.account_ids))
        rows = _where(rows, post, gone, pa.scalar(NO_POST, pa.string()))
        rows = _where(rows, author, gone, pa.scalar(None, pa.string()))
        if flag in rows.column_names:
            rows = _where(rows, flag, gone, pa.scalar(False))
    rows = _where(rows, "root_id", _among(rows["root_id"], person.post_ids), pa.scalar(None, pa.string()))
    for name in _LISTS:
        rows = _mapped(rows, name, lambda people: [one for one in people if one not in person.account_ids])
    return _mapped(rows, "text", _masker(person))


def _masker(person: Person) -> Callable[[str], str]:
    hidden = person.account_ids | person.handle_ids | person.link_ids
    shown = [re.escape(name) for name in sorted(person.shown, key=len, reverse=True)]
    names = re.compile(rf"(?<!\w)(?:{'|'.join(shown)})(?!\w)", re.IGNORECASE) if shown else None

    def mask(match: re.Match[str]) -> str:
        if match[1] not in hidden:
            return match[0]
        return NO_LINK if match[0].startswith("https") else NOBODY

    def without_them(text: str) -> str:
        text = _TOKEN.sub(mask, text)
        return names.sub(NO_NAME, text) if names else text

    return without_them


def _with_versions(old: pa.Table, new: pa.Table) -> pa.Table:
    """The looks that say something else now are told apart by another digest."""
    same = [one == other for one, other in zip(old.to_pylist(), new.to_pylist(), strict=True)]
    ids = [
        version if is_same else version_id(row)
        for version, is_same, row in zip(new["version_id"].to_pylist(), same, new.to_pylist(), strict=True)
    ]
    place = new.schema.get_field_index("version_id")
    return new.set_column(place, new.schema.field(place), pa.array(ids, pa.string()))


def _among(column: pa.ChunkedArray, values: set[str]) -> pa.ChunkedArray:
    return pc.fill_null(pc.is_in(column, value_set=pa.array(sorted(values), pa.string())), False)


def _where(rows: pa.Table, name: str, gone: pa.ChunkedArray, value: pa.Scalar) -> pa.Table:
    place = rows.schema.get_field_index(name)
    return rows.set_column(place, rows.schema.field(place), pc.if_else(gone, value, rows[name]))


def _mapped(rows: pa.Table, name: str, change: Callable[..., object]) -> pa.Table:
    place, field = rows.schema.get_field_index(name), rows.schema.field(name)
    told = [None if value is None else change(value) for value in rows[name].to_pylist()]
    return rows.set_column(place, field, pa.array(told, field.type))
