"""Pseudonyms: stable under a key, unrelated without it."""

from __future__ import annotations

import pytest

from passerelle.identity import Pseudonyms, canonical, fold_hashtag


def test_the_same_identity_has_one_pseudonym_a_kind(pseudonyms: Pseudonyms) -> None:
    assert pseudonyms.account("acct:lea@pont.test") == pseudonyms.account("acct:lea@pont.test")
    names = {
        pseudonyms.account("x")[1:], pseudonyms.post("x")[1:], pseudonyms.handle("x")[1:], pseudonyms.link("x")[1:]
    }  # fmt: skip
    assert len(names) == 4


def test_a_domain_is_one_in_unicode_and_in_punycode(pseudonyms: Pseudonyms) -> None:
    spellings = ("bücher.example", "xn--bcher-kva.example", "BÜCHER.Example", "xn--BCHER-kva.example.")
    assert len({pseudonyms.account(f"acct:anne@{domain}") for domain in spellings}) == 1
    assert len({pseudonyms.handle(f"@Anne@{domain}") for domain in spellings}) == 1
    assert len({pseudonyms.post(f"https://{domain}/users/anne/1") for domain in spellings}) == 1
    assert pseudonyms.post("https://bücher.example/Ü") != pseudonyms.post("https://bücher.example/ü")


def test_a_name_that_no_name_server_has_is_still_one_name(pseudonyms: Pseudonyms) -> None:
    assert pseudonyms.account("acct:anne@é_.fr") != pseudonyms.account("acct:anne@è_.fr")
    assert len(pseudonyms.account("acct:anne@\ud800é.fr")) == 25


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


def test_a_post_that_a_bridge_copied_goes_by_the_originals_name_wherever_it_is_named() -> None:
    original = "at://did:plc:ada/app.bsky.feed.post/3mvi63jz7222b"
    copy = f"https://bsky.brid.gy/convert/ap/{original}"
    assert canonical(copy) == canonical(original) == original
    assert Pseudonyms(bytes(32)).post(copy) == Pseudonyms(bytes(32)).post(original)
    for other in (
        f"https://bsky.brid.gy.evil.test/convert/ap/{original}",
        f"{copy}?x",
        "https://bsky.brid.gy/ap/did:plc:a",
    ):
        assert canonical(other) == other
