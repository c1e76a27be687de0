"""`passerelle classify`: what posts do, one JSON line each."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from flows.cli.language import both

if TYPE_CHECKING:
    from transforms.calls import PostText

LEXICONS = ("job_search", "sales_prospecting", "reputation", "founding")
AT_ONCE = 2_000


@click.command(
    "classify",
    help=both(
        "Say what each post of a JSONL file does: call, relay, answer, offer, thanks_outcome, organiser, news_opinion "
        "or other. Lines have id and text, and when known lang, hashtags, author_bio, is_reply, has_media; "
        "'-' reads standard input.",
        "Dire ce que fait chaque publication d'un fichier JSONL : call, relay, answer, offer, thanks_outcome, "
        "organiser, news_opinion ou other. Chaque ligne contient id et text et, si on les connaît, lang, hashtags, "
        "author_bio, is_reply, has_media ; « - » lit l'entrée standard.",
    ),
)
@click.argument("posts")
@click.option(
    "--lexicon",
    type=click.Choice(LEXICONS),
    default="job_search",
    show_default=True,
    help=both("What is sought under the hashtag.", "Ce que l'on cherche sous le mot-dièse."),
)
def command(posts: str, lexicon: str) -> None:
    """Print `{"id", "label", "score"}` lines, in the order of the input."""
    import orjson

    from transforms.calls import classify, load_lexicon

    words = load_lexicon(lexicon)
    with _opened(posts) as lines:
        for batch in _batches(_read(posts, lines)):
            for label in classify(batch, words):
                row: dict[str, Any] = {"id": label.id, "label": label.label, "score": round(label.score, 4)}
                if label.beneficiary:
                    row["beneficiary"] = label.beneficiary
                click.echo(orjson.dumps(row).decode())


def _opened(place: str) -> IO[bytes]:
    from passerelle.errors import UsageError, french_reason

    try:
        return sys.stdin.buffer if place == "-" else Path(place).open("rb")
    except OSError as error:
        raise UsageError(
            en=f"{place}: cannot read it ({error.strerror})", fr=f"{place} : illisible ({french_reason(error)})"
        ) from None


def _read(place: str, lines: Iterable[bytes]) -> Iterator[PostText]:
    import orjson

    from passerelle.errors import UsageError

    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _post(orjson.loads(line))
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            en, fr = _why(error)
            raise UsageError(
                en=f"{place}, line {number}: not a post ({en}); a line is a JSON object with id and text",
                fr=f"{place}, ligne {number} : pas une publication ({fr}) ; une ligne est un objet JSON (id, text)",
            ) from None


def _why(error: Exception) -> tuple[str, str]:
    if isinstance(error, KeyError):
        return f"no {error}", f"il manque {error}"
    if isinstance(error, json.JSONDecodeError):  # orjson's error is one of these
        return "not JSON", "pas du JSON"
    return str(error), "pas un objet, ou un champ d'un autre type que prévu"


def _post(row: Any) -> PostText:
    from transforms.calls import PostText

    if not isinstance(row, dict) or not isinstance(row["text"], str):
        raise TypeError("no object" if not isinstance(row, dict) else "text is not a string")
    return PostText(
        id=row["id"],
        text=row["text"],
        lang=row.get("lang"),
        hashtags=tuple(row.get("hashtags") or ()),
        author_bio=row.get("author_bio"),
        is_reply=bool(row.get("is_reply")),
        has_media=bool(row.get("has_media")),
    )


def _batches(posts: Iterable[PostText]) -> Iterator[list[PostText]]:
    batch: list[PostText] = []
    for post in posts:
        batch.append(post)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
