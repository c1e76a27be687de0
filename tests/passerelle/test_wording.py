"""Numbers, plurals and spaces as careful people write them in each language."""

from __future__ import annotations

import pytest

from passerelle.wording import decimal, english, french, spoken, typeset


@pytest.mark.parametrize(
    ("count", "en", "fr"),
    [
        (0, "0 new rows", "0 nouvelle ligne"),
        (1, "1 new row", "1 nouvelle ligne"),
        (2, "2 new rows", "2 nouvelles lignes"),
        (1200, "1,200 new rows", "1\u202f200 nouvelles lignes"),
        (1_234_567, "1,234,567 new rows", "1\u202f234\u202f567 nouvelles lignes"),
    ],
)
def test_numbers_and_their_nouns(count: int, en: str, fr: str) -> None:
    assert english(count, "new row") == en
    assert french(count, "nouvelle ligne") == fr


def test_irregular_plurals_and_fractions() -> None:
    assert [english(n, "history", "histories") for n in (1, 2)] == ["1 history", "2 histories"]
    assert [french(n, "mise à jour", "mises à jour") for n in (0, 2)] == ["0 mise à jour", "2 mises à jour"]
    assert (decimal(1234.5, 1, "en"), decimal(1234.5, 1, "fr")) == ("1,234.5", "1\u202f234,5")


def test_french_spaces_that_no_line_breaks_at() -> None:
    assert typeset("« a » : b ; c ? d ! 5 %, (6 %)") == (
        "«\u00a0a\u00a0»\u00a0: b\u202f; c\u202f? d\u202f! 5\u202f%, (6\u202f%)"
    )
    assert typeset("10:30 a;b :c") == "10:30 a;b :c"


@pytest.mark.parametrize(
    ("told", "language"),
    [({}, "en"), ({"LANG": "fr_FR.UTF-8"}, "fr"), ({"LC_ALL": "C", "LANG": "fr"}, "en"), ({"LC_MESSAGES": "fr"}, "fr")],
)
def test_the_language_is_that_of_the_system_unless_told(
    monkeypatch: pytest.MonkeyPatch, told: dict[str, str], language: str
) -> None:
    for name in ("PASSERELLE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    assert spoken() == language
    monkeypatch.setenv("PASSERELLE_LANG", "fr")
    assert spoken() == "fr"
