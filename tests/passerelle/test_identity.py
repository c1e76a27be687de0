"""Pseudonyms: stable under a key, unrelated without it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from passerelle.errors import UsageError
from passerelle.identity import Pseudonyms, fold_hashtag, load_key


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


def test_a_new_key_is_secret_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PASSERELLE_KEY", raising=False)
    first = load_key(tmp_path / "lake" / "key")
    assert load_key(tmp_path / "lake" / "key") == first
    assert stat.S_IMODE(os.stat(tmp_path / "lake" / "key").st_mode) == 0o600


def test_a_broken_key_is_refused_and_never_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PASSERELLE_KEY", raising=False)
    (tmp_path / "key").write_text("short")
    with pytest.raises(UsageError, match="hexadecimal"):
        load_key(tmp_path / "key")
    assert (tmp_path / "key").read_text() == "short"
