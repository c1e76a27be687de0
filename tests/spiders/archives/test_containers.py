"""What a file is, is told by its content: packed, in archives, in other encodings, cut or made to fill a disk."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from passerelle.errors import UsageError
from spiders.archives import unpacking
from tests.spiders.archives.shapes import (
    WHOLE,
    facts,
    json_lines,
    mapping,
    objects,
    posts,
    read,
    rows,
    table,
    told,
    troubles,
    write,
)

CSV = table(rows()).encode()


def zipped(**members: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def tarred(mode: str = "w", **members: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "two gzip members": lambda data: gzip.compress(data[:300]) + gzip.compress(data[300:]),
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.compress,
    "two zstd frames": lambda data: zstandard.compress(data[:300]) + zstandard.compress(data[300:]),
    "zip": lambda data: zipped(**{"a/x.csv": data, "__MACOSX/._x.csv": b"\0\1", "README.txt": "bonjour"}),
    "tar": lambda data: tarred(x=data),
    "tar.gz": lambda data: tarred("w:gz", x=data),
    "tar.zst": lambda data: zstandard.compress(tarred(x=data)),
    "zip in gzip in zip": lambda data: zipped(**{"x.zip": gzip.compress(zipped(**{"y.csv": data}))}),
}


@pytest.mark.parametrize("how", PACKED)
def test_a_packed_file_is_read_whatever_it_is_called(tmp_path: Path, how: str) -> None:
    path = write(tmp_path / "donnees.dat", PACKED[how](CSV))
    assert facts(read(path, mapping=mapping())) == WHOLE


@pytest.mark.parametrize("how", PACKED)
@pytest.mark.parametrize("left", [0.3, 0.6, 0.9])
def test_a_packed_file_that_is_cut_is_an_error_never_a_shorter_archive(tmp_path: Path, how: str, left: float) -> None:
    many = table(rows() * 200).encode()
    whole = PACKED[how](many)
    path = write(tmp_path / "a.csv", whole[: int(len(whole) * left)])
    with pytest.raises(UsageError, match="cut or damaged after line"):
        read(path, mapping=mapping())


def test_what_unpacks_out_of_all_proportion_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "FREE_BYTES", 1 << 20)
    path = write(tmp_path / "a.gz", gzip.compress(gzip.compress(b"id,author\n" + b"0" * (1 << 28))))
    with pytest.raises(UsageError, match="unpacks to more than 300 times its size"):
        read(path, mapping=mapping())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (zipped(**{"[Content_Types].xml": "x", "xl/workbook.xml": "x"}), "a spreadsheet; save it as CSV in UTF-8"),
        (b"PAR1....", "a Parquet table"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it"),
        (b"<!DOCTYPE html><html>", "a web page, not data"),
        (gzip.compress(b"RDX3\nX\n"), "R data; write it as CSV in R"),
        (bytes(range(256)) * 40, "not UTF-8, and what else is not clear"),
        (zipped(), "no post could be read"),
    ],
    ids=["spreadsheet", "parquet", "7z", "web page", "R data", "no text", "empty zip"],
)
def test_what_cannot_be_read_says_what_to_do(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        read(write(tmp_path / "a.csv", content), mapping=mapping())
    assert "\n" not in caught.value.en + caught.value.fr


def test_archives_inside_archives_have_an_end(tmp_path: Path) -> None:
    packed = CSV
    for _ in range(8):
        packed = gzip.compress(packed)
    with pytest.raises(UsageError, match="archives inside archives"):
        read(write(tmp_path / "a.gz", packed), mapping=mapping())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_tables_in_other_encodings_and_with_other_separators(tmp_path: Path, encoding: str, separator: str) -> None:
    path = write(tmp_path / "a.csv", table(rows(), separator).encode(encoding))
    found = read(path, mapping=mapping())
    assert facts(found) == WHOLE
    assert "appel numéro 4 à relayer" in posts(found)[4].text
    assert ["Windows-1252" in remark for remark in told(path, mapping=mapping()).remarks] == [True] * (
        encoding == "cp1252"
    )


def test_an_encoding_is_declared_where_it_is_not_clear(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", CSV.decode().encode("mac_roman"))
    with pytest.raises(UsageError, match="say encoding in its mapping"):
        read(path, mapping=mapping())
    assert "numéro" in posts(read(path, mapping=mapping(encoding="mac_roman")))[0].text


LAYOUTS = {
    "lines": json_lines(objects()),
    "lines of PowerShell": json_lines(objects()).replace("\n", "\r\n").encode("utf-16"),
    "trailing commas": json_lines(objects()).replace("}\n", "},\n"),
    "list": json.dumps(objects()),
    "list over lines": json.dumps(objects(), indent=2),
    "list of lines": "[\n" + json_lines(objects()).replace("}\n", "},\n").rstrip(",\n") + "\n]\n",
    "one after the other": "".join(map(json.dumps, objects())),
    "over lines, one after the other": "\n".join(json.dumps(value, indent=1) for value in objects()),
    "two on a line": json_lines(objects()).replace("}\n", "}", 1),
    "NaN": json_lines(objects()).replace('"reply": null', '"reply": NaN'),
    "behind a name": "var posts = " + json.dumps(objects()) + ";",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_json_in_every_layout(tmp_path: Path, layout: str) -> None:
    found = read(write(tmp_path / "a.json", LAYOUTS[layout]), mapping=mapping())
    assert facts(found) == WHOLE
    assert troubles(found) == []


def test_a_list_that_is_cut_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cut or damaged"):
        read(write(tmp_path / "a.json", json.dumps(objects())[:1500]), mapping=mapping())


LINES = table(rows()).splitlines()


@pytest.mark.parametrize(
    ("place", "broken", "bad"),
    [
        (3, LINES[3].replace("appel", '"appel'), ["line 4"]),
        (3, LINES[3].replace("appel", 'x,"jamais fermé'), ["line 4"]),
        (3, LINES[3].replace("appel", '"appel" oui'), ["line 4"]),
        (3, LINES[3].replace("numéro", "numéro, eh"), ["line 4"]),
        (3, LINES[3].replace("numéro", "numéro\n"), ["line 4", "line 5"]),
        (11, LINES[11].replace("appel", '"appel'), ["line 12"]),
    ],
)
def test_a_broken_row_costs_itself_only(tmp_path: Path, place: int, broken: str, bad: list[str]) -> None:
    path = write(tmp_path / "a.csv", "\n".join([*LINES[:place], broken, *LINES[place + 1 :]]) + "\n")
    found = read(path, mapping=mapping())
    assert [where for where, _ in troubles(found)] == bad
    assert len(posts(found)) == 11


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\r\n" + table(rows(), ";"),
        table(rows()).replace("\r\n", "\r\n,,,,,,,\r\n\r\n"),
        table(rows()) + table(rows()),
        "\n".join([LINES[0], *(f"{number},{line}" for number, line in enumerate(LINES[1:], 1))]),
        "\n".join(line.rstrip(",") for line in LINES),
        table(rows()).replace("appel", '"appel \\"fort\\", oui').replace("#i4emploi", '#i4emploi"'),
        table(rows()).replace("appel numéro 3", '"appel\nnuméro 3').replace("3 à relayer #i4emploi", '3 #i4emploi"'),
    ],
)
def test_what_spreadsheets_and_programs_do_to_tables_is_understood(tmp_path: Path, text: str) -> None:
    found = read(write(tmp_path / "a.csv", text), mapping=mapping())
    assert facts(found) == WHOLE
    assert troubles(found) == []
