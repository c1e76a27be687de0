"""Pseudonyms: stable under a key, unrelated without it."""

from __future__ import annotations

import pytest

from passerelle.identity import Pseudonyms, fold_hashtag


def test_the_same_identity_has_one_pseudonym_a_kind(pseudonyms: Pseudonyms) -> None:
    assert pseudonyms.account("acct:lea@pont.test") == pseudonyms.account("acct:lea@pont.test")
    names = {
        pseudonyms.account("x")[1:], pseudonyms.post("x")[1:], pseudonyms.handle("x")[1:], pseudonyms.link("x")[1:]
    }  # fmt: skip
    assert len(names) == 4


def test_another_key_gives_other_pseudonyms(pseudonyms: Pseudonyms) -> None:
    assert Pseudonyms(bytes(32)).account("acct:lea@pont.test") != pseudonyms.account("acct:lea@pont.test")


def test_handles_ignore_letter_case(pseudonyms: Pseudonyms) -> None:
    assert pseudonyms.handle("twitter:@Lea") == pseudonyms.handle("twitter:@lea")


def test_lone_surrogates_have_a_pseudonym_too(pseudonyms: Pseudonyms) -> None:
    assert len(pseudonyms.account("\ud800")) == 25


@pytest.mark.parametrize("spelling", ["#I4Emploi", "i4emploi", "＃Ｉ４ＥＭＰＬＯＩ", "#í4emploi"])
def test_all_spellings_of_a_hashtag_fold_to_one(spelling: str) -> None:
    assert fold_hashtag(spelling) == "i4emploi"


@pytest.mark.parametrize("other", ["#i4emploiR", "#i4emploifaux"])
def test_another_hashtag_stays_another(other: str) -> None:
    assert fold_hashtag(other) != "i4emploi"
