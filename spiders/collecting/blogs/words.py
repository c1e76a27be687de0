"""The words of a post or a comment, and what they are filed under."""

from __future__ import annotations

import html

from passerelle.hashtags import hashtags_in
from spiders.collecting.blogs.entries import Written
from spiders.collecting.words import shown_words


def words_of(entry: Written) -> str:
    """A post's title, as a paragraph, and its content."""
    return (f"<p>{html.escape(entry.title, quote=False)}</p>" if entry.title else "") + entry.text


def tags_of(entry: Written) -> list[str]:
    """What it is filed under and the hashtags in its words, as they are written."""
    filed = [tag.strip().lstrip("#＃") for tag in entry.tags]
    return [*filter(None, filed), *hashtags_in(shown_words(words_of(entry)))]


def language_of(entry: Written) -> str | None:
    """Its language in two or three letters; None where none is said."""
    said = entry.language.replace("_", "-").split("-")[0].strip().lower()
    return said if said.isascii() and said.isalpha() and len(said) in (2, 3) else None
