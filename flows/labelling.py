"""What posts do: the classifier, overridden by human coding where the campaign has it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pyarrow as pa

from flows.people import People, post_ids
from passerelle.errors import UsageError
from passerelle.tables import LABELS
from passerelle.wording import english, number

NAMES = ("call", "relay", "answer", "offer", "thanks_outcome", "organiser", "news_opinion", "other")


def human_labels(path: Path, people: People) -> pa.Table:
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
    return pa.Table.from_pylist(list(rows.values()), schema=LABELS.schema)


def override(machine: pa.Table, human: pa.Table) -> pa.Table:
    """`machine` with the rows of `human` in place of its own.

    People say that a post is `thanks_outcome`, not which kind: `outcome` is the classifier's if that agrees, else null.
    """
    coded = set(human["post_id"].to_pylist())
    kept = machine.filter(pa.array([post not in coded for post in machine["post_id"].to_pylist()], pa.bool_()))
    return pa.concat_tables([kept, _with_outcome(human, machine)])


def _with_outcome(human: pa.Table, machine: pa.Table) -> pa.Table:
    told = dict(zip(machine["post_id"].to_pylist(), machine["outcome"].to_pylist(), strict=True))
    rows = human.to_pylist()
    for row in rows:
        row["outcome"] = told.get(row["post_id"]) if row["label"] == "thanks_outcome" else None
    return pa.Table.from_pylist(rows, schema=LABELS.schema)


def agreement(machine: pa.Table, human: pa.Table) -> dict[str, float | int | None]:
    """Share of posts coded by both on which they agree, and Cohen's kappa."""
    by_machine = dict(zip(machine["post_id"].to_pylist(), machine["label"].to_pylist(), strict=True))
    coded = zip(human["post_id"].to_pylist(), human["label"].to_pylist(), strict=True)
    pairs = [(by_machine[post], label) for post, label in coded if post in by_machine]
    if not pairs:
        return {"n": 0, "share": None, "kappa": None}
    share = sum(a == b for a, b in pairs) / len(pairs)
    machine_counts, human_counts = ([p[side] for p in pairs] for side in (0, 1))
    chance = sum(machine_counts.count(n) * human_counts.count(n) for n in NAMES) / len(pairs) ** 2
    return {"n": len(pairs), "share": share, "kappa": None if chance == 1 else (share - chance) / (1 - chance)}


def _lines(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = {"post_id", "label"} - set(reader.fieldnames or ())
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            en=f"{path}: cannot read the labels file ({error})",
            fr=f"{path} : fichier d'annotations illisible (« {error} »)",
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
    if label not in NAMES:
        raise UsageError(
            en=f"{path}, line {line}: unknown label '{label}'; the labels are {', '.join(NAMES)}",
            fr=f"{path}, ligne {line} : étiquette inconnue « {label} » ; les étiquettes sont {', '.join(NAMES)}",
        )
    return label


def _row(label: str, post: dict[str, str], beneficiary: str, people: People) -> dict[str, Any]:
    who = _beneficiary(beneficiary, post, people) if label == "call" else {"beneficiary": None, "beneficiary_id": None}
    key = {"platform": post["platform"], "post_id": post["post_id"]}
    return {**key, "label": label, "score": None, **who, "outcome": None, "coder": "human"}


def _beneficiary(name: str, post: dict[str, str], people: People) -> dict[str, Any]:
    """``self`` or empty: the author; ``other``: a person without account; else the account named."""
    if name in ("", "self"):
        return {"beneficiary": "self", "beneficiary_id": post["author_id"]}
    if name == "other":
        return {"beneficiary": "other", "beneficiary_id": None}
    account = people.one_of(name, post["platform"])
    return {"beneficiary": "self" if account == post["author_id"] else "other", "beneficiary_id": account}
