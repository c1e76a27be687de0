"""What people say that posts do, read from a file."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pyarrow as pa

from flows.account_finder import AccountFinder, post_ids
from passerelle.allowed import LABELS
from passerelle.errors import UsageError, french_reason
from passerelle.tables import LABELS as TABLE
from passerelle.wording import english, number


def human_labels(path: Path, people: AccountFinder) -> pa.Table:
    """Labels of a CSV ``post_id,label[,beneficiary]``, for those of the posts that it names (schema of `labels`).

    Raises UsageError, with the line, for a label or column that is not known, and if none of its posts is here.
    """
    posts = people.posts.select(["post_id", "platform", "author_id"]).to_pylist()
    known = {row["post_id"]: row for row in posts}
    rows, named = {}, 0
    for line, row in _lines(path):
        label = _label(path, line, row["label"] or "")
        named += 1
        post = next((p for p in post_ids(row["post_id"], people.campaign, people.pseudonyms) if p in known), None)
        if post is not None:
            rows[post] = _row(label, known[post], (row.get("beneficiary") or "").strip(), people)
    if named and not rows:
        raise UsageError(
            en=f"{path}: none of its {english(named, 'post')} is in the lake; name posts by the ids "
            "of the files imported",
            fr=f"{path} : aucune de ses publications ({number(named, 'fr')}) n'est dans le lac ; "
            "désignez-les par les identifiants des fichiers importés",
        )
    return pa.Table.from_pylist(list(rows.values()), schema=TABLE.schema)


def _lines(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = {"post_id", "label"} - set(reader.fieldnames or ())
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError) as error:
        en, fr = "it is not UTF-8", "ce n'est pas de l'UTF-8"
        if isinstance(error, OSError):
            en, fr = error.strerror or str(error), french_reason(error)
        raise UsageError(
            en=f"{path}: cannot read the labels file ({en})",
            fr=f"{path} : fichier d'annotations illisible ({fr})",
        ) from None
    if missing:
        raise UsageError(
            en=f"{path}: column '{sorted(missing)[0]}' is missing; a labels file has post_id,label[,beneficiary]",
            fr=f"{path} : il manque la colonne « {sorted(missing)[0]} » ; "
            "un fichier d'annotations contient post_id,label[,beneficiary]",
        )
    return rows


def _label(path: Path, line: int, text: str) -> str:
    label = text.strip()
    if label not in LABELS:
        raise UsageError(
            en=f"{path}, line {line}: unknown label '{label}'; the labels are {', '.join(LABELS)}",
            fr=f"{path}, ligne {line} : étiquette inconnue « {label} » ; les étiquettes sont {', '.join(LABELS)}",
        )
    return label


def _row(label: str, post: dict[str, str], beneficiary: str, people: AccountFinder) -> dict[str, Any]:
    who = _beneficiary(beneficiary, post, people) if label == "call" else {"beneficiary": None, "beneficiary_id": None}
    key = {"platform": post["platform"], "post_id": post["post_id"]}
    return {**key, "label": label, "score": None, **who, "outcome": None, "coder": "human"}


def _beneficiary(name: str, post: dict[str, str], people: AccountFinder) -> dict[str, Any]:
    """``self`` or empty: the author; ``other``: a person without account; else the account named."""
    if name in ("", "self"):
        return {"beneficiary": "self", "beneficiary_id": post["author_id"]}
    if name == "other":
        return {"beneficiary": "other", "beneficiary_id": None}
    account = people.one_of(name, post["platform"])
    return {"beneficiary": "self" if account == post["author_id"] else "other", "beneficiary_id": account}
