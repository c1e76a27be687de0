"""The legal gate: what is empty, an example or leads nowhere is named; what somebody wrote passes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from passerelle.campaign import Campaign, Source, load_campaign
from passerelle.errors import UsageError
from passerelle.keys import EMBEDDED
from passerelle.lake import CAMPAIGNS
from passerelle.legal import EXAMPLES, KEYS, legal_faults, refuse_unread

EMPTY = ("", "  ", "—", "TODO", "à compléter")
WRITTEN: dict[str, Any] = {
    "purpose": "Savoir qui relaie les appels des demandeurs d'emploi",
    "legal_basis": "article 6(1)(e) RGPD, mission d'intérêt public de l'université de Pau",
    "retention_days": 730,
    "contact": "dpo@univ-pau.fr",
}


def campaign(**said: Any) -> Campaign:
    return Campaign(**{"name": "essai", "hashtags": ("essai",), **WRITTEN, **said})


def faulty(**said: Any) -> list[str]:
    return [fault.key for fault in legal_faults(campaign(**said))]


def test_what_somebody_wrote_passes() -> None:
    assert faulty() == []
    refuse_unread(campaign())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("purpose", "Étudier l'entraide"),
        ("purpose", "What young people have to do to find work, and who helps them"),
        ("purpose", "Tester si les liens faibles aident : exemple du mot-dièse i4emploi"),
        ("legal_basis", "6(1)(f)"),
        ("legal_basis", "consentement"),
        ("legal_basis", "article 6(1)(f) GDPR: legitimate interest of the University of Leeds in research"),
        ("contact", "Service DPO <dpo@univ-pau.fr>"),
        ("contact", "dpo [at] univ-pau [point] fr, ou https://www.univ-pau.fr/dpo"),
        ("contact", "https://dans.knaw.nl/opt-out"),
        ("contact", "DPO, 12 avenue de l'Université, 64000 Pau"),
        ("contact", "@etude@mastodon.social"),
        ("retention_days", 1),
    ],
)
def test_unusual_answers_are_answers(key: str, value: object) -> None:
    assert faulty(**{key: value}) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *[(key, text) for key, texts in EXAMPLES.items() for text in texts],
        *[(key, f" {texts[0].upper()} !") for key, texts in EXAMPLES.items()],
        *[(key, value) for key in ("purpose", "legal_basis", "contact") for value in EMPTY],
        *[(key, "TODO : voir avec le DPO") for key in ("purpose", "legal_basis", "contact")],
        ("purpose", "Mesurer par quels liens l'entraide pour l'emploi circule sous un mot-dièse public"),
        ("purpose", "ＴＯＤＯ"),
        ("purpose", "To be defined"),
        ("purpose", "lorem ipsum dolor sit amet"),
        ("purpose", "votre finalité"),
        ("purpose", "To measure <something> under a hashtag"),
        ("purpose", "test"),
        ("legal_basis", "none"),
        ("legal_basis", "Base légale"),
        ("legal_basis", "article 6(1)(f) RGPD / GDPR : intérêt légitime, recherche / legitimate interest, research"),
        ("legal_basis", "intérêt légitime de [organisme]"),
        ("contact", "contact"),
        ("contact", "nobody"),
        ("contact", "contact@example.org"),
        ("contact", "dpo@EXAMPLE.com."),
        ("contact", "dpo@exemple.fr"),
        ("contact", "dpo@sous.domaine.example"),
        ("contact", "dpo@rien.invalid"),
        ("contact", "dpo@votre-domaine.fr"),
        ("contact", "https://example.net/opt-out"),
        ("contact", "dpo@pont.test"),
        ("contact", "votre.nom@univ-pau.fr"),
        ("contact", "xxx@univ-pau.fr"),
        ("retention_days", 0),
    ],
)  # fmt: skip
def test_what_nobody_wrote_is_refused_by_its_key(key: str, value: object) -> None:
    assert faulty(**{key: value}) == [key]


@pytest.mark.parametrize("path", sorted(CAMPAIGNS.glob("*.toml")), ids=lambda path: path.stem)
def test_a_template_as_it_comes_is_shut_and_says_what_to_write_and_where(path: Path) -> None:
    campaign = load_campaign(path)
    assert [fault.key for fault in legal_faults(campaign)] == list(KEYS)
    with pytest.raises(UsageError) as caught:
        refuse_unread(campaign, path)
    lines = path.read_text("utf-8").splitlines()
    for key in KEYS:
        line = next(number for number, text in enumerate(lines, 1) if text.startswith(f"{key} = "))
        assert f"line {line}: '{key}' is empty, write " in caught.value.en
        assert f"ligne {line} : « {key} » est vide, écrivez " in caught.value.fr
    assert "\n" not in caught.value.en + caught.value.fr
    assert all(text in path.read_text("utf-8") for texts in EXAMPLES.values() for text in texts[:1])


def test_the_embedded_campaign_passes_and_a_copy_with_another_word_does_not(tmp_path: Path) -> None:
    assert legal_faults(load_campaign(EMBEDDED)) == []
    copy = tmp_path / "campaign.toml"
    copy.write_text(EMBEDDED.read_text("utf-8") + "\n# mine\n", "utf-8")
    assert [fault.key for fault in legal_faults(load_campaign(copy))] == ["contact"]


def test_the_variable_that_empties_a_key_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "campaign.toml"
    path.write_text('name = "essai"\nhashtags = ["essai"]\n' + "".join(f"{k} = {v!r}\n" for k, v in WRITTEN.items()))
    monkeypatch.setenv("PASSERELLE__PURPOSE", "TODO")
    with pytest.raises(UsageError, match=r"\$PASSERELLE__PURPOSE: 'purpose' is still an example \('TODO'\)"):
        refuse_unread(load_campaign(path), path)


def test_a_name_for_tests_will_do_where_nobody_real_can_be_asked() -> None:
    ours = (Source(kind="mastodon", host="127.0.0.1:8000"), Source(kind="mastodon", host="ville.example"))
    real = Source(kind="mastodon", host="mastodon.social")
    assert faulty(contact="dpo@pont.test", sources=ours) == []
    assert faulty(contact="dpo@pont.test", sources=(*ours, real)) == ["contact"]
    assert faulty(contact="contact@example.org", sources=ours) == ["contact"]


def test_files_that_one_holds_come_in_under_a_name_for_examples_but_not_under_an_empty_one() -> None:
    refuse_unread(campaign(contact="contact@example.org"), asks=False)
    for said in ({"contact": ""}, {"contact": "TODO"}, {"purpose": "TODO"}, {"retention_days": 0}):
        with pytest.raises(UsageError, match=f"'{next(iter(said))}'"):
            refuse_unread(campaign(**said), asks=False)
