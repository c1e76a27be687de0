"""What kind of archive a file is, from its first line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import orjson

from passerelle.errors import UsageError
from spiders.archives.lines import lines
from spiders.archives.rtweet import NEEDED

Format = Literal["twarc1", "twarc2", "rtweet", "mapped"]
LINES_LOOKED_AT = 100


def detect(path: Path) -> Format | None:
    """The format of `path`; None for an empty file.

    Lines that cannot be read are passed over (they go to quarantine later). Raises UsageError for a file that
    none of the formats fits, saying that it needs a column mapping.
    """
    seen = False
    for _, line in _head(path):
        seen = True
        if line.lstrip().startswith(b"{"):
            if found := _of_json(line):
                return found
        elif _is_rtweet(line):
            return "rtweet"
        elif line.lstrip().startswith(b"["):
            raise _json_list(path)
    if seen:
        raise _unknown(path)
    return None


def is_empty(path: Path) -> bool:
    """Whether `path` has no line that is not blank."""
    return next(lines(path), None) is None


def is_json(path: Path) -> bool:
    """Whether the first line of `path` is a JSON object."""
    return next((line.lstrip().startswith(b"{") for _, line in _head(path)), False)


def _head(path: Path) -> list[tuple[int, bytes]]:
    return [pair for pair, _ in zip(lines(path), range(LINES_LOOKED_AT), strict=False)]


def _of_json(line: bytes) -> Format | None:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return _of_object(value) if isinstance(value, Mapping) else None


def _of_object(value: Mapping[str, object]) -> Format | None:
    if "delete" in value or ({"user", "created_at"} <= value.keys() and {"id", "id_str"} & value.keys()):
        return "twarc1"
    is_page = {"data", "meta"} & value.keys() and not value.keys() - {"data", "includes", "meta", "errors", "__twarc"}
    return "twarc2" if is_page or {"author_id", "created_at"} <= value.keys() else None


def _is_rtweet(line: bytes) -> bool:
    names = {name.strip(b'" \r\n') for name in line.split(b",")}
    return {name.encode() for name in NEEDED} <= names


def _unknown(path: Path) -> UsageError:
    return UsageError(
        en=f"{path}: no known archive format; name its columns under [mappings.NAME] in the campaign file "
        "and import it with that mapping",
        fr=f"{path} : format d'archive inconnu ; nommez ses colonnes sous [mappings.NOM] dans le fichier de campagne "
        "et importez-le avec cette correspondance",
    )


def _json_list(path: Path) -> UsageError:
    return UsageError(
        en=f"{path}: one JSON list; one object a line is needed (jq -c '.[]' makes it so)",
        fr=f"{path} : une seule liste JSON ; il faut un objet par ligne (jq -c '.[]' fait la conversion)",
    )
