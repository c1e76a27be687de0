"""Why a source was lost: by the verdict on its run, in both languages, and never without a reason."""

from __future__ import annotations

from typing import Any

import pytest

from flows.crawls import Ended


def told(*lines: tuple[str, str]) -> dict[str, Any]:
    return {"run_id": "r", "errors": {"en": [en for en, _ in lines], "fr": [fr for _, fr in lines]}}


@pytest.mark.parametrize(
    ("ended", "why"),
    [
        (Ended(4, "waiting 3 s\nWARNING x\n", [told(), told(("lost", "perdu"), ("no", "non"))]), ("no", "non")),
        (Ended(2, "passerelle: no such file\n", []), ("no such file", "no such file")),
        (Ended(4, "said last\n", [told()]), ("said last", "said last")),
    ],
)
def test_the_verdict_says_why(ended: Ended, why: tuple[str, str]) -> None:
    assert ended.why == why


def test_a_crawl_that_died_without_a_word_has_a_reason_too() -> None:
    en, fr = Ended(-9, " \n", []).why
    assert "exit code -9" in en
    assert "code de sortie -9" in fr
