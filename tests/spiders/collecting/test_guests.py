"""Guests of a blog."""

from __future__ import annotations

import pytest

from passerelle.values import is_identity
from spiders.collecting.guests import guest, is_nobody


def test_a_guest_is_the_name_however_it_is_written() -> None:
    assert guest(" Noé ", "1") == guest("NOE\N{COMBINING ACUTE ACCENT}", "2") == "noé"


@pytest.mark.parametrize("name", ["", "  ", "Anonyme", "ANONYMOUS", "Anónimo", "Unknown"])
def test_who_does_not_sign_is_somebody_else_in_each_comment(name: str) -> None:
    assert is_nobody(name)
    assert (guest(name, "1"), guest(name, "2")) == ("1", "2")


def test_a_name_of_several_words_names_somebody() -> None:
    assert (
        guest("Jean  Dupont\N{ZERO WIDTH SPACE}", "1") == guest("jean\N{NO-BREAK SPACE}dupont", "2") == "jean%20dupont"
    )
    assert is_identity(f"wordpress:carnet.test/guest/{guest('Jean Dupont', '1')}")
