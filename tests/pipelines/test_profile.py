"""Flags from profiles (labels, rules 14 and 19): the words are read, judged, and not kept."""

from __future__ import annotations

import pytest

from passerelle.records import Evidence
from pipelines.profile import profile_reader

READER = profile_reader(("i4emploi",), "i4emploi")


@pytest.mark.parametrize(
    "note",
    [
        "Compte officiel de #i4emploi",
        "<p>Fondatrice de @i4emploi, maman de trois enfants</p>",
        "J'anime #i4Emploi avec une belle équipe",
        "L’équipe i4emploi",
        "Marcheur. Organisateur de #i4emploi",
        "Bénévole #i4emploi",
        "Founder of #i4emploi | coffee",
        "Official account of i4emploi",
    ],
)
def test_a_profile_that_claims_to_run_the_campaign_is_an_organiser(note: str) -> None:
    assert READER.organiser(Evidence(note=note))


@pytest.mark.parametrize(
    "note",
    [
        "",
        "Soutien de #i4emploi",
        "Fondateur de la Boulangerie du Pont. #i4emploi",
        "Organisatrice de mariages, relaie #i4emploi",
        "Compte officiel de la ville de Pont",
        "#i4emploiR technicien en recherche d'emploi",
    ],
)
def test_a_profile_that_only_supports_it_is_none(note: str) -> None:
    assert not READER.organiser(Evidence(note=note))


@pytest.mark.parametrize(
    ("evidence", "is_bot"),
    [
        (Evidence(bot=True), True),
        (Evidence(note="Je suis un bot qui relaie les offres"), True),
        (Evidence(note="Compte automatisé"), True),
        (Evidence(note="Automated account run by @lea"), True),
        (Evidence(note="<p>Offres du jour #bot</p>"), True),
        (Evidence(note="J'aime les robots et la robotique"), False),
        (Evidence(note="#nobot"), False),
        (Evidence(), False),
    ],
)
def test_a_bot_is_one_that_says_so(evidence: Evidence, is_bot: bool) -> None:
    assert READER.declared_bot(evidence) is is_bot
