"""From a file to values, and from what is wrong in it to one line that says where."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from passerelle.errors import UsageError, french_reason
from passerelle.reasons import reason

_NAME_LISTS = ("organisers", "bots", "uncovered_accounts")


_BESIDE = ("labels", "key_file")


def text_of(path: Path, named_by: str = "") -> str:
    """The text of the campaign file, or of the file that its key `named_by` names."""
    try:
        return path.read_text("utf-8")
    except OSError as error:
        en, fr = "the campaign file", "fichier de campagne"
        hint = ("`passerelle init` writes a new one", "`passerelle init` en écrit un")
        if named_by:
            en, fr = f"the file that '{named_by}' names", f"fichier que nomme « {named_by} »"
            hint = ("check the path", "vérifiez le chemin")
        raise UsageError(
            en=f"{path}: cannot read {en} ({error.strerror}); {hint[0]}",
            fr=f"{path} : {fr} illisible ({french_reason(error)}) ; {hint[1]}",
        ) from None
    except UnicodeDecodeError:
        raise UsageError(
            en=f"{path}: not UTF-8 text; save it as UTF-8", fr=f"{path} : pas du texte UTF-8 ; enregistrez-le en UTF-8"
        ) from None


def toml_of(path: Path, text: str) -> dict[str, Any]:
    """What the campaign file at `path` says. Raises UsageError where it is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(en=f"{path}: not valid TOML: {error}", fr=f"{path} : TOML incorrect (« {error} »)") from None


def names_in(path: Path, key: str, value: Any) -> Any:
    """A list of names given as a file: one a line, ``#`` begins a comment. Other files: beside the campaign file."""
    if key in _BESIDE and isinstance(value, str):
        return path.parent / Path(value).expanduser()
    if key not in _NAME_LISTS or not isinstance(value, str):
        return value
    lines = text_of(path.parent / value, named_by=key).splitlines()
    return [name for line in lines if (name := line.partition(" #")[0].strip()) and not name.startswith("# ")]


def explained(path: Path, text: str, error: ValidationError) -> UsageError:
    """The first thing that is wrong, with its line, or the environment variable that says it."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "campaign"
    place, endroit = place_of(path, text, first["loc"])
    if first["type"] == "missing":
        return UsageError(
            en=f"{place}: '{where}' is missing; see `passerelle init` for what it says",
            fr=f"{endroit} : « {where} » manque ; `passerelle init` montre ce qu'il doit dire",
        )
    if first["type"] == "extra_forbidden":
        return UsageError(
            en=f"{place}: unknown key '{where}'; the keys are listed in campaigns/campaign.schema.json",
            fr=f"{endroit} : clé inconnue « {where} » ; les clés sont dans campaigns/campaign.schema.json",
        )
    en, fr = reason(first)
    return UsageError(en=f"{place}: '{where}': {en}", fr=f"{endroit} : « {where} » : {fr}")


def place_of(path: Path, text: str, loc: tuple[int | str, ...]) -> tuple[str, str]:
    """Where the key at `loc` is said, in English and French: the line of the file, or the environment variable."""
    variable = "__".join(["PASSERELLE", *(str(part).upper() for part in loc)])
    if variable in {name.upper() for name in os.environ}:
        return f"${variable}", f"${variable}"
    line = _line_of(text, loc)
    return (f"{path}, line {line}", f"{path}, ligne {line}") if line else (str(path), str(path))


def _line_of(text: str, loc: tuple[int | str, ...]) -> int | None:
    """The line on which the key at `loc` stands, or its table's heading."""
    names = [part for part in loc if isinstance(part, str)]
    index = next((part for part in loc if isinstance(part, int)), 0)
    table, seen, heading = "", -1, None
    for number, line in enumerate(text.splitlines(), 1):
        if found := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
            table = found[1]
            seen += table == (names[0] if names else "")
            heading = number if table == ".".join(names[:-1]) and seen in (index, -1) else heading
        elif found := re.match(r"\s*([\w\"-]+)\s*=", line):
            key = ".".join(filter(None, (table, found[1].strip('"'))))
            if key in (".".join(names), names[0] if len(loc) == 1 else "") and (seen in (index, -1) or not table):
                return number
    return heading
