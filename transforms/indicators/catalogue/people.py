"""Who took part: how many, how new, how evenly, and whether they came back."""

from __future__ import annotations

from transforms.indicators.catalogue.entry import Fraction, Indicator, Words
from transforms.indicators.concentration import concentration, from_periphery
from transforms.indicators.novelty import novelty, relays
from transforms.indicators.retention import WEEKS_FOLLOWED, retention

PEOPLE = (
    Indicator(
        name="active_dyads",
        kind="count",
        unit="pairs",
        formula=novelty,
        en=Words("Active dyads", "Pairs of people who met in a post of the campaign this week."),
        fr=Words("Dyades actives", "Paires de personnes en contact cette semaine par une publication de la campagne."),
        value="unordered pairs of persons with an interaction by a campaign post in the calendar week",
        source="(25)",
    ),
    Indicator(
        name="new_dyads",
        kind="count",
        unit="pairs",
        formula=novelty,
        en=Words("New dyads", "Those of the active pairs whose first contact of any kind falls in this week."),
        fr=Words("Dyades nouvelles", "Celles des dyades actives dont le tout premier contact tombe dans la semaine."),
        value="active dyads whose first interaction of any kind is in the week (25)",
        source="Kossinets & Watts 2006",
    ),
    Indicator(
        name="new_dyad_share",
        kind="share",
        unit="pairs",
        formula=novelty,
        en=Words("Share of new dyads", "Share of the active pairs who had never been in contact before."),
        fr=Words(
            "Part des dyades nouvelles", "Part des dyades actives qui n'avaient jamais été en contact auparavant."
        ),
        value=Fraction("new dyads", "active dyads"),
        sure="J by the person who acted first",
        source="as above; *new* means in what was collected",
    ),
    Indicator(
        name="actors",
        kind="count",
        unit="persons",
        formula=novelty,
        en=Words("Actors", "People who wrote or relayed a post of the campaign this week."),
        fr=Words("Acteurs", "Personnes qui ont écrit ou relayé une publication de la campagne cette semaine."),
        value="persons who wrote or reposted a campaign post in the calendar week",
        source="(25)",
    ),
    Indicator(
        name="first_time_actors",
        kind="count",
        unit="persons",
        formula=novelty,
        en=Words("First-time actors", "Actors whose first post of the campaign falls in this week."),
        fr=Words("Acteurs nouveaux", "Acteurs dont la première publication de la campagne tombe dans la semaine."),
        value="those of them who did so for the first time",
        source="(25)",
    ),
    Indicator(
        name="first_time_share",
        kind="share",
        unit="persons",
        formula=novelty,
        en=Words("Share of first-time actors", "Share of the actors who took part for the first time."),
        fr=Words("Part d'acteurs nouveaux", "Part des acteurs qui prennent part à la campagne pour la première fois."),
        value=Fraction("first-time actors", "actors"),
        sure="J by person",
        source="(25)",
    ),
    Indicator(
        name="relays",
        kind="count",
        unit="acts",
        formula=relays,
        en=Words("Relays", "Reposts and quotes by mobilisers, repeats counted."),
        fr=Words("Relais", "Repartages et citations par les mobilisateurs, répétitions comptées."),
        value="reposts and quotes by mobilisers in the follow-up, repeats counted",
        source="(26)",
    ),
    Indicator(
        name="redundant_relays",
        kind="share",
        unit="acts",
        formula=relays,
        en=Words("Redundant relays", "Share of the relays that repeat one by the same person for the same call."),
        fr=Words("Relais redondants", "Part des relais qui en répètent un de la même personne pour le même appel."),
        value=Fraction("relays beyond one a (person, episode)", "relays"),
        sure="J",
        source="(26)",
    ),
    Indicator(
        name="gini",
        kind="index",
        unit="persons",
        formula=concentration,
        en=Words(
            "Gini index of mobilisations", "From 0, where all mobilised as often, to 1, where one person did it all."
        ),
        fr=Words(
            "Indice de Gini des mobilisations",
            "De 0, si chacun s'est mobilisé autant, à 1, si une seule personne a tout fait.",
        ),
        value="Gini · n / (n − 1) of mobilisations over persons with at least one (27); null under two",
        sure="B′",
        source="Deltas 2003",
    ),
    Indicator(
        name="top5_share",
        kind="share",
        unit="acts",
        formula=concentration,
        en=Words("Share of the five most active", "Share of all mobilisations by the five most active people."),
        fr=Words("Part des cinq plus actifs", "Part des mobilisations due aux cinq personnes les plus actives."),
        value=Fraction("mobilisations by the five most active persons", "mobilisations"),
        sure="B′",
        source="(27)",
    ),
    Indicator(
        name="periphery_share",
        kind="share",
        unit="persons",
        formula=from_periphery,
        en=Words("From the periphery", "Share of the mobilisers who stood at the edge of the network before the week."),
        fr=Words(
            "Venus de la périphérie", "Part des mobilisateurs qui se tenaient en marge du réseau avant la semaine."
        ),
        value=Fraction(
            "mobilisers with core number ≤ 1 on the prior graph at the week's start, or not in it", "mobilisers", "(30)"
        ),
        sure="J; p from 10,000 permutations",
        source="Barberá et al. 2015",
    ),
    Indicator(
        name="newcomers",
        kind="count",
        unit="persons",
        formula=retention,
        en=Words("Newcomers", "People who mobilised for the first time this week."),
        fr=Words("Nouveaux venus", "Personnes qui se sont mobilisées pour la première fois cette semaine."),
        value="persons whose first mobilisation falls in the calendar week",
        source="(31)",
    ),
    Indicator(
        name="retention",
        kind="share",
        unit="persons",
        formula=retention,
        en=Words("Retention", "Share of the week's newcomers who mobilised again so many weeks later."),
        fr=Words(
            "Rétention",
            "Part des nouveaux venus de la semaine qui se sont mobilisés de nouveau tant de semaines après.",
        ),
        value=Fraction("newcomers who mobilise in week + k", "newcomers of the week", "for weeks that are over"),
        sure="W",
        source="(31)",
        strata=tuple(str(week) for week in range(1, WEEKS_FOLLOWED + 1)),
    ),
)
