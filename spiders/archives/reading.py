"""Several overlapping files, in any order, as one stream of records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from passerelle.campaign import Mapping
from passerelle.records import MalformedRecord, PostRecord, Record
from passerelle.wording import english, french
from spiders.archives import activitypub, rtweet, tweets_v1, tweets_v2, twitter_export
from spiders.archives.capture import Capture, date_in_name, in_order_of_capture
from spiders.archives.containers import Content, contents
from spiders.archives.detect import Format, detect
from spiders.archives.encodings import as_utf8
from spiders.archives.exports import profile_beside
from spiders.archives.fields import Json, reading
from spiders.archives.json_values import entries, is_json
from spiders.archives.lines import Place, unbroken
from spiders.archives.mapped_file import MappedFile
from spiders.archives.plausible import Authors, check_authors
from spiders.archives.reddit_threads import KeptThreads, retrieved_at
from spiders.archives.refusals import no_mapping, no_owner, no_post, unknown
from spiders.archives.remarks import EMPTY_FILE, UNKNOWN_FORMAT, Tally
from spiders.archives.reposts import Originals
from spiders.archives.tables import CsvRow, csv_rows

__all__ = ["Archives", "Format", "read_archives"]


def read_archives(
    paths: Sequence[Path],
    *,
    clock: datetime,
    form: Format | None = None,
    mapping: Mapping | None = None,
    fallback: Mapping | None = None,
    captured_at: datetime | None = None,
    tally: Tally | None = None,
    account: str | None = None,
) -> Iterator[Record]:
    """Every record of `paths`: what cannot be read comes as MalformedRecord, with its file and line.

    `form` is detected where it is not given; a `mapping` means ``mapped``, a `fallback` is one for files of no known
    format. Capture time is `captured_at`, else what the rows say, else the date in the file's name, else `clock` in
    the order given (later rows are newer). `tally` counts the lines and keeps what must be told. `account` is whose
    mapped files these are, where their rows do not say it.

    Raises UsageError for a file that cannot be opened, is cut, lacks a mapped column, has no known format, holds
    values that cannot be what the mapping says, and for a collection in which no post could be read.
    """
    how = "mapped" if mapping else form
    chosen = mapping or (fallback if form in (None, "mapped") else None)
    archives = Archives(how, chosen, tally or Tally(), account=account)
    rows = posts = 0
    for path, base in in_order_of_capture(paths, clock, captured_at):
        for content in _contents(path, chosen.files if how == "mapped" and chosen else None):
            moment = base if captured_at else date_in_name(content.name.rpartition("/")[2]) or base
            capture = Capture(content.name, moment, captured_at is not None, rows, assumed=moment == clock)
            for record in archives.records(content, capture):
                if isinstance(record, PostRecord):
                    posts += 1
                    record = capture.not_before_its_time(record)
                yield record
            rows = capture.rows
    if not posts:
        raise no_post(paths, archives.tally.first)
    if missing := archives.threads.missing:
        archives.tally.say(
            f"threads that are not whole: {english(missing, 'comment')} behind links that were not followed",
            f"fils incomplets : {french(missing, 'commentaire')} derrière des liens qui n'ont pas été suivis",
        )
    if archives.mapping:
        check_authors(archives.authors, archives.mapping, ", ".join(map(str, paths)))


def _contents(path: Path, wanted: str | None) -> Iterator[Content]:
    with unbroken(path, Place()):
        yield from contents(path, wanted)


@dataclass(slots=True)
class Archives:
    """Reads one content after the other. `form`: that of all of them, else each shows its own."""

    form: Format | None
    mapping: Mapping | None
    tally: Tally
    authors: Authors = field(default_factory=Authors)
    originals: Originals = field(default_factory=Originals)
    threads: KeptThreads = field(default_factory=KeptThreads)
    account: str | None = None

    def records(self, content: Content, capture: Capture) -> Iterator[Record]:
        """Every record of `content`."""
        place = Place()
        with unbroken(content.label, place):
            declared = self.mapping.encoding if self.mapping else None
            stream, encoding = as_utf8(content.path, content.name, content.stream, declared)
            if encoding == "cp1252" and not declared:
                self.tally.say(
                    f"{content.label}: not UTF-8, read as Windows-1252; say encoding in the mapping if it is another",
                    f"{content.label} : pas en UTF-8, lu comme du Windows-1252 ; précisez encoding dans la "
                    "correspondance si c'en est un autre",
                )
            head = stream.peek()
            if not head.strip():
                yield self._trouble(capture, EMPTY_FILE)
                return
            content.stream = stream
            yield from self._of_form(self.form or detect(head), content, head, capture, place)

    def _of_form(
        self, form: Format | None, content: Content, head: bytes, capture: Capture, place: Place
    ) -> Iterator[Record]:
        match form:
            case "twarc1":
                return self._lines(content, head, capture, place, partial(_tweets_v1, capture))
            case "twarc2":
                return self._lines(content, head, capture, place, partial(_tweets_v2, capture))
            case "twitter_export":
                return self._lines(content, head, capture, place, self._tweet_of_export(content, capture))
            case "activitypub":
                actor = activitypub.owner(content.profile or _beside(content))
                return self._lines(content, head, capture, place, partial(_activities, actor, capture))
            case "reddit":
                return self._threads(content, head, capture, place)
            case "rtweet":
                return self._table(content, head, capture, place)
        if form is None and self.mapping is None and content.is_member:
            self.tally.say(
                f"{content.label}: {UNKNOWN_FORMAT}, passed over", f"{content.label} : format inconnu, ignoré"
            )
            return iter([self._trouble(capture, UNKNOWN_FORMAT)])
        if self.mapping is None:
            raise unknown(content.label, head) if form is None else no_mapping(content.label)
        mapped = MappedFile(content, head, self.mapping, capture, place, self.tally, self.authors, self.account)
        return mapped.records()

    def _lines(
        self,
        content: Content,
        head: bytes,
        capture: Capture,
        place: Place,
        make: Callable[[Json, str], Iterable[Record]],
    ) -> Iterator[Record]:
        if not is_json(head):
            yield self._trouble(capture, UNKNOWN_FORMAT)
            return
        for where, value in entries(content.stream, head, place):
            if isinstance(value, str):
                trouble = MalformedRecord(source=capture.source, where=where, reason=value, captured_at=capture.base)
                records: list[Record] = [trouble]
            else:
                records = reading(partial(make, value, where), capture.source, where, capture.base)
            self.tally.note(records)
            yield from records

    def _table(self, content: Content, head: bytes, capture: Capture, place: Place) -> Iterator[Record]:
        for row in csv_rows(content.label, content.stream, head, rtweet.NEEDED, place):
            where = f"line {row.line}"
            if row.reason:
                trouble = MalformedRecord(
                    source=capture.source, where=where, reason=row.reason, captured_at=capture.base
                )
                records: list[Record] = [trouble]
            else:
                make = partial(_rtweet, self.originals, capture, row.cells)
                records = reading(make, capture.source, where, capture.base)
            self.tally.note(records)
            yield from records

    def _threads(self, content: Content, head: bytes, capture: Capture, place: Place) -> Iterator[Record]:
        return self._lines(content, head, capture, place, partial(_things, self.threads, capture))

    def _tweet_of_export(self, content: Content, capture: Capture) -> Callable[[Json, str], Iterable[Record]]:
        user = twitter_export.owner(content.profile or _beside(content))
        if user is None:
            raise no_owner(content.label)
        return lambda entry, _: twitter_export.records_of_entry(
            entry, user, self.originals, capture.stamp(), capture.source
        )

    def _trouble(self, capture: Capture, reason: str) -> MalformedRecord:
        """One for a whole file, which is no line."""
        trouble = MalformedRecord(source=capture.source, where="file", reason=reason, captured_at=capture.base)
        self.tally.first = self.tally.first or trouble
        return trouble


def _beside(content: Content) -> bytes | None:
    """The profile that lies beside an export's file which was taken out of its archive."""
    name = profile_beside(content.name)
    path = content.path.parent / name if name and not content.is_member else None
    try:
        return path.read_bytes() if path else None
    except OSError:
        return None


def _tweets_v1(capture: Capture, line: Json, where: str) -> Iterator[Record]:
    return tweets_v1.records_of_line(line, capture.stamp(), capture.source, where)


def _tweets_v2(capture: Capture, line: Json, where: str) -> Iterator[Record]:
    captured_at = capture.stamp(tweets_v2.retrieved_at(line))
    return tweets_v2.records_of_line(line, captured_at, capture.source, where)


def _things(threads: KeptThreads, capture: Capture, line: Json, where: str) -> Iterator[Record]:
    captured_at = capture.stamp(retrieved_at(line))
    return threads.records_of_line(line, captured_at, capture.source, where)


def _activities(actor: Json | None, capture: Capture, line: Json, where: str) -> Iterator[Record]:
    return activitypub.records_of_line(line, actor, capture.stamp(), capture.source, where)


def _rtweet(originals: Originals, capture: Capture, row: CsvRow) -> Iterator[Record]:
    return rtweet.records_of_row(row, originals, capture.stamp(), capture.source)
