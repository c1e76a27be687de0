"""Files that are none of ours, known by their first bytes: what to do instead."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from passerelle.errors import UsageError
from spiders.archives.feed_rows import is_feed

_AS_CSV = ("save it as CSV in UTF-8", "enregistrez-le en CSV, UTF-8")
_UNPACK = ("unpack it and import what is inside", "décompressez-le et importez son contenu")
_KINDS: tuple[tuple[bytes, tuple[str, str], tuple[str, str]], ...] = (
    (b"PAR1", ("a Parquet table", "une table Parquet"), _AS_CSV),
    (b"ARROW1", ("a Feather table", "une table Feather"), _AS_CSV),
    (
        b"SQLite format 3\x00",
        ("an SQLite database", "une base SQLite"),
        ("export its table as CSV", "exportez sa table en CSV"),
    ),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ("an old Excel workbook", "un ancien classeur Excel"), _AS_CSV),
    (
        b"RDX",
        ("R data", "des données R"),
        ("write it as CSV in R: readr::write_csv()", "écrivez-le en CSV dans R : readr::write_csv()"),
    ),
    (
        b"X\n\x00\x00\x00",
        ("R data", "des données R"),
        ("write it as CSV in R: readr::write_csv()", "écrivez-le en CSV dans R : readr::write_csv()"),
    ),
    (
        b"\x80\x04\x95",
        ("a Python pickle, which may not be opened", "un pickle Python, qui ne doit pas être ouvert"),
        _AS_CSV,
    ),
    (b"7z\xbc\xaf\x27\x1c", ("a 7z archive", "une archive 7z"), _UNPACK),
    (b"Rar!\x1a\x07", ("a rar archive", "une archive rar"), _UNPACK),
    (b"\x1f\x9d", ("a .Z archive", "une archive .Z"), _UNPACK),
    (b"\x04\x22\x4d\x18", ("an lz4 archive", "une archive lz4"), _UNPACK),
    (b"%PDF", ("a PDF", "un PDF"), ("import the data it was made from", "importez les données dont il est tiré")),
)
_PAGE = ("a web page, not data", "une page web, pas des données")
_FETCH = ("fetch the file itself again", "récupérez à nouveau le fichier lui-même")
_SHEET = ("a spreadsheet", "un classeur de tableur")


def refuse_foreign(path: Path, name: str, head: bytes) -> None:
    """Raise UsageError for a kind of file that cannot be read here but can be turned into one that can."""
    for magic, what, instead in _KINDS:
        if head.startswith(magic):
            raise _refusal(path, name, what, instead)
    if is_feed(head):
        return
    start = head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<?xml")):
        raise _refusal(path, name, _PAGE, _FETCH)


def document(path: Path, names: Collection[str]) -> None:
    """Raise UsageError for a zip that is a document: a workbook of Excel or LibreOffice."""
    if "[Content_Types].xml" in names or "content.xml" in names:
        raise _refusal(path, path.name, _SHEET, _AS_CSV)


def _refusal(path: Path, name: str, what: tuple[str, str], instead: tuple[str, str]) -> UsageError:
    inside = name.removeprefix(path.name)
    return UsageError(
        en=f"{path}{inside}: {what[0]}; {instead[0]}, then import that",
        fr=f"{path}{inside} : {what[1]} ; {instead[1]}, puis importez le résultat",
    )
