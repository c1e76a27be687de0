"""What posts do: the classifier, overridden by human coding where the campaign has it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from flows.people import account_ids, post_ids
from passerelle.campaign import Campaign
from passerelle.errors import UsageError
from passerelle.identity import Pseudonyms
from passerelle.tables import LABELS

NAMES = ("call", "relay", "answer", "offer", "thanks_outcome", "organiser", "news_opinion", "other")


def human_labels(
    path: Path, posts: pa.Table, accounts: pa.Table, campaign: Campaign, pseudonyms: Pseudonyms
) -> pa.Table:
    """Labels of a CSV ``post_id,label[,beneficiary]``, for those of `posts` that it names (schema of `labels`).

    Raises UsageError, with the line, for a label or column that is not known.
    """
    platform = dict(zip(posts["post_id"].to_pylist(), posts["platform"].to_pylist(), strict=True))
    authors = dict(zip(posts["post_id"].to_pylist(), posts["author_id"].to_pylist(), strict=True))
    present = set(accounts["account_id"].to_pylist()) | set(authors.values())
    rows = {}
    for line, row in _lines(path):
        post = next((p for p in post_ids(row["post_id"], campaign, pseudonyms) if p in platform), None)
        if post is None:
            continue
        find = partial(_account, accounts=accounts, campaign=campaign, pseudonyms=pseudonyms, present=present)
        who = _beneficiary(row.get("beneficiary") or "", authors[post], platform[post], find)
        rows[post] = _row(path, line, row["label"].strip(), platform[post], post, who)
    return pa.Table.from_pylist(list(rows.values()), schema=LABELS.schema)


def override(machine: pa.Table, human: pa.Table) -> pa.Table:
    """`machine` with the rows of `human` in place of its own."""
    coded = set(human["post_id"].to_pylist())
    kept = machine.filter(pa.array([post not in coded for post in machine["post_id"].to_pylist()], pa.bool_()))
    return pa.concat_tables([kept, human])


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
            fr=f"{path} : fichier d'annotations illisible ({error})",
        ) from None
    if missing:
        raise UsageError(
            en=f"{path}: column '{sorted(missing)[0]}' is missing; a labels file has post_id,label[,beneficiary]",
            fr=f"{path} : il manque la colonne « {sorted(missing)[0]} » ; "
            "un fichier d'annotations contient post_id,label[,beneficiary]",
        )
    return rows


def _row(path: Path, line: int, label: str, platform: str, post: str, who: dict[str, Any]) -> dict[str, Any]:
    if label not in NAMES:
        raise UsageError(
            en=f"{path}, line {line}: unknown label '{label}'; the labels are {', '.join(NAMES)}",
            fr=f"{path}, ligne {line} : étiquette inconnue « {label} » ; les étiquettes sont {', '.join(NAMES)}",
        )
    if label != "call":
        who = {"beneficiary": None, "beneficiary_id": None}
    return {"platform": platform, "post_id": post, "label": label, "score": None, **who, "coder": "human"}


def _beneficiary(name: str, author: str, platform: str, find: Callable[[str, str], str]) -> dict[str, Any]:
    """``self`` or empty: the author; ``other``: a person without account; else the account named."""
    if name.strip() in ("", "self"):
        return {"beneficiary": "self", "beneficiary_id": author}
    if name.strip() == "other":
        return {"beneficiary": "other", "beneficiary_id": None}
    account = find(name.strip(), platform)
    return {"beneficiary": "self" if account == author else "other", "beneficiary_id": account}


def _account(
    name: str, platform: str, *, accounts: pa.Table, campaign: Campaign, pseudonyms: Pseudonyms, present: set[str]
) -> str:
    """The account meant by `name`; for one that the lake has never seen, its pseudonym on the post's platform."""
    seen = sorted(account_ids([name], accounts, campaign, pseudonyms) & present)
    return seen[0] if seen else pseudonyms.account(f"{platform}:{name}")
