"""What markup parts, and what it only dresses."""

from __future__ import annotations

import pytest

from spiders.collecting.words import shown_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<p>Bonjour</p><p>#emploi</p>", "Bonjour #emploi"),
        ("#<span>em</span><b>ploi</b>", "#emploi"),
        ("un<br/>deux", "un deux"),
        ("l&rsquo;appel &amp; 1 < 2", "l\u2019appel & 1 < 2"),
    ],
)
def test_blocks_part_words_and_dress_does_not(text: str, words: str) -> None:
    assert " ".join(shown_words(text).split()) == words
