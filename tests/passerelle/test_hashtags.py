"""Hashtags: one spelling for all spellings, coarser than what servers make of them, never so coarse as to mix words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.hashtags import MAX_LENGTH, fold_hashtag, hashtags_in, is_hashtag


@pytest.mark.parametrize(
    ("written", "served"),
    [
        ("jobsøger", "jobsoger"),
        ("pracaWrocław", "pracawroclaw"),
        ("işArıyorum", "isariyorum"),
        ("İSTANBUL", "istanbul"),
        ("Đuro", "duro"),
        ("þjóð", "þjod"),
        ("Ŋĸŧħ", "nkth"),
        ("ＪＯＢ", "job"),
        ("Straße", "straße"),
        ("Œuvre", "œuvre"),
        ("कर्म", "करम"),
        ("क़लम", "कलम"),
        ("ノゾミ", "ﾉｿﾞﾐ"),
        ("ΚΑΛΗΜΈΡΑ", "καλημερα"),
        ("می\u200cخواهم", "میخواهم"),
        ("e\u0301te\u0301", "été"),
    ],
)
def test_what_a_server_makes_of_a_hashtag_folds_to_the_same(written: str, served: str) -> None:
    assert fold_hashtag(written) == fold_hashtag(served) == fold_hashtag(f"#{written.upper().lower()}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("नौकरी", "नकर"),
        ("مُدَرِّس", "مدرس"),
        ("أمل", "امل"),
        ("がく", "かく"),
        ("мой", "мои"),
        ("งาน", "งน"),
        ("שָׁלוֹם", "שלום"),
        ("i4emploi", "i4emploir"),
    ],
)
def test_vowel_signs_and_letters_of_other_scripts_make_another_word(one: str, other: str) -> None:
    assert fold_hashtag(one) != fold_hashtag(other)


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once_in_any_normal_form(text: str) -> None:
    folded = fold_hashtag(text)
    assert fold_hashtag(folded.lstrip("#＃")) == folded.lstrip("#＃") or folded.startswith(("#", "＃"))
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert fold_hashtag(unicodedata.normalize(form, text.lstrip("#＃"))) == folded


@pytest.mark.parametrize("tag", ["i4emploi", "नौकरी", "مُدَرِّس", "a·b", "job_2026", "می\u200cخواهم", "x" * MAX_LENGTH])
def test_what_servers_take_for_a_hashtag(tag: str) -> None:
    assert is_hashtag(tag)


@pytest.mark.parametrize("tag", ["", "a b", "a/b", "a.b", "_", "a#b", "../x", "a\n", "x" * (MAX_LENGTH + 1), "😀"])
def test_what_no_server_takes_for_a_hashtag(tag: str) -> None:
    assert not is_hashtag(tag)


def test_hashtags_are_found_in_words_and_not_in_links_or_entities() -> None:
    text = "voir #नौकरी, (#Été) #i4emploi. https://x.test/#no a&#39;b c#d ##e #_ ＃Job"
    assert list(hashtags_in(text)) == ["नौकरी", "Été", "i4emploi", "Job"]
