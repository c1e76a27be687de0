"""The labels table of the lake, made from its posts table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pyarrow as pa

from passerelle.tables import LABELS as LABELS_TABLE
from transforms.calls.classify import VERSION, classify
from transforms.calls.lexicon import Lexicon
from transforms.calls.posts import Label, PostText


def label_posts(
    posts: pa.Table,
    lexicon: Lexicon | None = None,
    *,
    organisers: Collection[str] = (),
    agencies: Collection[str] = (),
    hashtags: Collection[str] = (),
) -> pa.Table:
    """Label every row of `posts` (schema of table `posts`); gives table `labels`, rows in the same order.

    `organisers`, `agencies`: author ids known to run the campaign or to be recruiters' automata; they stand for
    the profile texts, which the lake does not keep. `hashtags`: the campaign's own, folded; the lexicon's if none.
    The account of a call's beneficiary is its author; for somebody else it is the one that the text names, if it is
    among the post's own mentions, else the post's only own mention, else null.
    """
    if hashtags and lexicon is not None:
        lexicon = lexicon.for_hashtags(hashtags)
    rows = posts.select(_COLUMNS).to_pylist()
    labels = classify([_post_text(row, organisers, agencies) for row in rows], lexicon)
    labelled = [_row(row, label) for row, label in zip(rows, labels, strict=True)]
    return pa.Table.from_pylist(labelled, schema=LABELS_TABLE.schema)


_COLUMNS = [
    "platform",
    "post_id",
    "author_id",
    "text",
    "language",
    "hashtags",
    "mentions",
    "prefix_mentions",
    "reply_to_id",
    "quote_of_id",
    "has_media",
]


def _post_text(row: Mapping[str, Any], organisers: Collection[str], agencies: Collection[str]) -> PostText:
    return PostText(
        id=row["post_id"],
        text=row["text"],
        lang=row["language"],
        hashtags=tuple(row["hashtags"]),
        is_reply=row["reply_to_id"] is not None,
        is_quote=row["quote_of_id"] is not None,
        has_media=bool(row["has_media"]),
        organiser_author=row["author_id"] in organisers,
        agency_author=row["author_id"] in agencies,
    )


def _row(row: Mapping[str, Any], label: Label) -> dict[str, Any]:
    return {
        "platform": row["platform"],
        "post_id": row["post_id"],
        "label": label.label,
        "score": label.score,
        "beneficiary": label.beneficiary,
        "beneficiary_id": _beneficiary(row, label),
        "outcome": label.outcome,
        "coder": VERSION,
    }


def _beneficiary(row: Mapping[str, Any], label: Label) -> str | None:
    if label.beneficiary == "self":
        return str(row["author_id"])
    if label.beneficiary is None:
        return None
    return _named(row, label)


def _named(row: Mapping[str, Any], label: Label) -> str | None:
    """The account that the call names: the pseudonym in its text if it is a mention, else its only own mention."""
    own = [account for account in row["mentions"] if account not in row["prefix_mentions"]]
    if label.beneficiary_mention in own:
        return label.beneficiary_mention
    return own[0] if len(own) == 1 else None
