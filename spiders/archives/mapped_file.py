"""One mapped file: its rows as records, watched as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from passerelle.campaign import Mapping
from passerelle.errors import UsageError
from passerelle.records import MalformedRecord, PostRecord, Record
from passerelle.wording import english, french, number
from spiders.archives.capture import Capture
from spiders.archives.columns import MappedRow, needed
from spiders.archives.containers import Content, again
from spiders.archives.encodings import as_utf8
from spiders.archives.feed_rows import feed_rows, is_feed
from spiders.archives.fields import reading
from spiders.archives.joining import joined
from spiders.archives.json_values import entries, is_json
from spiders.archives.lines import Place
from spiders.archives.mapped import Above, Mapped
from spiders.archives.misread import put_right
from spiders.archives.nested import NestedRow, comments_in, rows_in
from spiders.archives.plausible import Authors, Watch, check_order
from spiders.archives.refusals import check_account
from spiders.archives.remarks import Tally
from spiders.archives.reposts import Originals
from spiders.archives.tables import csv_rows

NO_NEXT_ROW = "cells are missing, and the next line begins no row"
NO_PARENT = "answers a row that cannot be read"
_REPOSTS = b"RT @"


@dataclass(slots=True)
class MappedFile:
    """Reads one content by `mapping`."""

    content: Content
    head: bytes
    mapping: Mapping
    capture: Capture
    place: Place
    tally: Tally
    authors: Authors
    account: str | None = None

    def records(self) -> Iterator[Record]:
        """Every record. Raises UsageError where the values cannot be what the mapping says."""
        check_account(self.content.label, self.mapping, self.account)
        originals = self._originals()
        mapped = Mapped(self.mapping, originals, self.account)
        watch = Watch(self.content.label, self.mapping)
        for record in joined(self._counted(mapped)):
            if isinstance(record, PostRecord):
                watch.note(record)
                self.authors.note(record)
            yield record
        check_order(self.content.label, self.mapping, mapped.times.exchanged, mapped.times.settled)
        watch.check()
        self._check_columns(mapped, watch)
        self._remark(mapped, originals)

    def _counted(self, mapped: Mapped) -> Iterator[Record]:
        for where, records in self._rows(mapped):
            self.tally.note(records)
            for record in records:
                yield replace(record, where=where) if isinstance(record, PostRecord) else record

    def _rows(self, mapped: Mapped) -> Iterator[tuple[str, list[Record]]]:
        """Where each row stands and what it gave."""
        if is_feed(self.head):
            objects = feed_rows(self.content.label, self.content.stream)
        elif is_json(self.head):
            objects = entries(self.content.stream, self.head, self.place)
        else:
            yield from self._table_rows(mapped)
            return
        for where, value in objects:
            for row in rows_in(self.mapping, where, self._put_right(value)):
                yield from self._with_comments(mapped, row)

    def _table_rows(self, mapped: Mapped) -> Iterator[tuple[str, list[Record]]]:
        """A row cut by a line break in its text is none: the next shows it."""
        held: tuple[str, list[Record]] | None = None
        table = csv_rows(self.content.label, self.content.stream, self.head, needed(self.mapping), self.place)
        for row in table:
            where = f"line {row.line}"
            records = self._of_row(mapped, self._put_right(row.reason or row.cells), where)
            if held and all(isinstance(record, MalformedRecord) for record in records):
                held = held[0], [self._trouble(held[0], NO_NEXT_ROW)]
            if held:
                yield held
            held = (where, records) if row.is_short else None
            if not held:
                yield where, records
        if held:
            yield held

    def _with_comments(self, mapped: Mapped, first: NestedRow) -> Iterator[tuple[str, list[Record]]]:
        """A row, then what answers it, each answer before those to it; what answers nothing that was read is none."""
        waiting: list[tuple[NestedRow, Above | None, bool]] = [(first, None, True)]
        while waiting:
            (where, row), above, is_told = waiting.pop()
            records = self._of_row(mapped, row if is_told else NO_PARENT, where, above)
            yield where, records
            post = next((record for record in records if isinstance(record, PostRecord)), None)
            below = mapped.above(row, post, above) if post and not isinstance(row, str) else None
            comments = comments_in(self.mapping, where, row)
            waiting.extend((comment, below, below is not None) for comment in reversed(comments))

    def _put_right(self, row: MappedRow | str) -> MappedRow | str:
        encoding = self.mapping.misread_as
        return put_right(row, encoding) if encoding and not isinstance(row, str) else row

    def _of_row(self, mapped: Mapped, row: MappedRow | str, where: str, above: Above | None = None) -> list[Record]:
        if isinstance(row, str):
            return [self._trouble(where, row)]
        return reading(partial(self._record, mapped, row, above), self.capture.source, where, self.capture.base)

    def _record(self, mapped: Mapped, row: MappedRow, above: Above | None) -> Iterator[Record]:
        captured_at = self.capture.stamp(mapped.captured_at(row))
        return mapped.records_of_row(row, captured_at, self.capture.source, above)

    def _trouble(self, where: str, reason: str) -> MalformedRecord:
        return MalformedRecord(source=self.capture.source, where=where, reason=reason, captured_at=self.capture.base)

    def _originals(self) -> Originals:
        """The posts that reposts without an id may repeat: the file is read once more for them, before."""
        found = Originals()
        if self.mapping.repost_of or not self.mapping.text or _REPOSTS not in self.head:
            return found
        with again(self.content) as content:
            stream, _ = as_utf8(content.path, content.name, content.stream, self.mapping.encoding)
            content.stream = stream
            other = MappedFile(content, self.head, self.mapping, self.capture.copy(), Place(), Tally(), Authors())
            for _, records in other._rows(Mapped(self.mapping, account=self.account)):
                found.learn(records)
        return found

    def _check_columns(self, mapped: Mapped, watch: Watch) -> None:
        """Columns that no row of JSON has: a text is refused, others are told."""
        missing = sorted(mapped.missing)
        if not missing or not watch.posts:
            return
        names = ", ".join(f"'{name}'" for name in missing)
        if self.mapping.text in missing:
            raise UsageError(
                en=f"{self.content.label}: no row has '{self.mapping.text}'; correct the mapping; nothing was imported",
                fr=f"{self.content.label} : aucune ligne n'a « {self.mapping.text} » ; corrigez la correspondance ; "
                "rien n'a été importé",
            )
        self.tally.say(
            f"{self.content.label}: no row has {names}; is the mapping right?",
            f"{self.content.label} : aucune ligne n'a {names} ; la correspondance est-elle juste ?",
        )

    def _remark(self, mapped: Mapped, originals: Originals) -> None:
        label, column, times = self.content.label, self.mapping.created_at, mapped.times
        if times.naive and not self.mapping.time_zone:
            self.tally.say(
                f"{label}: times in '{column}' name no zone and were read as UTC; else say time_zone in the mapping",
                f"{label} : les dates de « {column} » ne nomment pas de fuseau et sont lues en UTC ; sinon, précisez "
                "time_zone dans la correspondance",
            )
        if self.authors.shown:
            self.tally.say(
                f"{label}: '{self.mapping.author}' holds names as they are shown: two people of one name count as one; "
                "map the profile's id or address, or say author_within",
                f"{label} : « {self.mapping.author} » contient des noms affichés : deux homonymes comptent pour une "
                "personne ; prenez l'identifiant ou l'adresse du profil, ou précisez author_within",
            )
        if times.dated and not times.settled:
            self.tally.say(
                f"{label}: '{column}' would also fit with day and month exchanged; check time_format",
                f"{label} : « {column} » se lirait aussi avec le jour et le mois inversés ; vérifiez time_format",
            )
        if mapped.made and not self.mapping.post:
            self.tally.say(
                f"{label}: {english(mapped.made, 'post')} without an id, known by author, time and words: one that was "
                "edited between two exports is two",
                f"{label} : {french(mapped.made, 'publication')} sans identifiant, à reconnaître par l'auteur, l'heure "
                "et le texte : modifiée entre deux exports, elle compte deux fois",
            )
        if mapped.below_zero:
            self.tally.say(
                f"{label}: left empty: {english(mapped.below_zero, 'counter')} below zero",
                f"{label} : laissés vides : {french(mapped.below_zero, 'compteur')} sous zéro",
            )
        if originals.tied or originals.untied:
            self.tally.say(
                f"{label}: {english(originals.tied + originals.untied, 'repost')} known by their text only (RT @…): "
                f"{number(originals.tied, 'en')} tied to their original, {number(originals.untied, 'en')} to one that "
                "is not in the file",
                f"{label} : {french(originals.tied + originals.untied, 'repartage')} à reconnaître au seul texte "
                f"(RT @…) : {number(originals.tied, 'fr')} avec leur original, {number(originals.untied, 'fr')} dont "
                "l'original est absent du fichier",
            )
