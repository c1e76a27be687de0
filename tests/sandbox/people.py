"""Invented people: names of herbs and fruit, instances under `.example`, six trades as communities."""

from __future__ import annotations

import unicodedata

import numpy as np

from tests.sandbox.parameters import Parameters
from tests.sandbox.stock import TEXTS
from tests.sandbox.world import Person, Role

TRADES = ("soin", "bois", "numerique", "cuisine", "logistique", "commerce")
INSTANCES = ("vallons.example", "atelier.example", "causette.example", "phare.example", "lagune.example")
HOME = INSTANCES[0]
ENGLISH_TRADE = TRADES.index("numerique")

_OFFICIAL: tuple[tuple[str, str, Role, str], ...] = (
    ("emploi_vallons", "Emploi des Vallons", "organiser", "Compte officiel de la campagne #EmploiDesVallons"),
    ("isaure_anime", "Isaure, bénévole", "organiser", "J'anime #EmploiDesVallons avec quatre bénévoles"),
    ("firmin_anime", "Firmin, bénévole", "organiser", "Équipe #EmploiDesVallons : règles, chiffres, live-chats"),
    ("mahaut_anime", "Mahaut, bénévole", "organiser", "Bénévole, équipe #EmploiDesVallons"),
    ("octave_anime", "Octave, bénévole", "organiser", "Fondateur de la campagne #EmploiDesVallons"),
    ("robot_relais", "Robot relais", "bot", "Robot : repartage ce qui porte #EmploiDesVallons"),
    ("robot_annonces", "Robot annonces", "bot", "Robot : republie des annonces"),
    ("annonces_minute", "Annonces minute", "automaton", "Les annonces du jour"),
    ("discrete_tisane", "Discrète Tisane", "refused", "Merci de ne pas m'indexer. #nobot"),
    ("ombre_de_thym", "Ombre de Thym", "refused", "#nobot"),
    ("silence_menthe", "Silence Menthe", "refused", "#nobot #noindex"),
)


def people(rng: np.random.Generator, parameters: Parameters) -> list[Person]:
    """Ordinary people first (active ones, then quiet ones), then organisers, robots and those who refuse."""
    names = [(first, last) for first in TEXTS["names"]["first"] for last in TEXTS["names"]["last"]]
    order = rng.permutation(len(names))[: parameters.num_active + parameters.num_quiet]
    crowd = [_person(rng, parameters, number, names[int(which)]) for number, which in enumerate(order)]
    return crowd + [_official(len(crowd) + k, *row) for k, row in enumerate(_OFFICIAL)]


def _person(rng: np.random.Generator, parameters: Parameters, number: int, name: tuple[str, str]) -> Person:
    community = number % len(TRADES)
    stays = rng.random() < 0.7
    instance = INSTANCES[community % len(INSTANCES)] if stays else INSTANCES[int(rng.integers(len(INSTANCES)))]
    english = rng.random() < (0.5 if community == ENGLISH_TRADE else 0.04)
    return Person(
        number=number,
        user=_plain(f"{name[0]}_{name[1]}"),
        instance=instance,
        name=" ".join(name),
        community=community,
        language="en" if english else "fr",
        role="person",
        active=number < parameters.num_active,
        seeker=number < parameters.num_seekers,
        trade=TRADES[community],
        followers=int(rng.lognormal(4.6, 1.1)),
        note="",
    )


def _official(number: int, user: str, name: str, role: Role, note: str) -> Person:
    return Person(
        number=number,
        user=user,
        instance=HOME,
        name=name,
        community=-1,
        language="fr",
        role=role,
        active=True,
        seeker=False,
        trade="",
        followers=2400 if number % 7 == 0 else 180,
        note=note,
    )


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
