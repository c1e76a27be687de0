"""Every weekly indicator there is: an unknown name is an error, and what is not listed here is not published.

The formula of each, its sources and its uncertainty stand under its name in docs/methods.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from passerelle.allowed import TIE_CLASSES
from transforms.indicators.bins import DAY_BINS, MUTUAL_BINS, RANGE_BINS
from transforms.indicators.brokers import REMOVED
from transforms.indicators.retention import WEEKS_FOLLOWED

Kind = Literal["count", "share", "hours", "index", "mean", "log_ratio", "difference", "number"]
Disclosure = Literal["few", "few_of_share", "few_of_cases", "sums", "told"]

MUTUAL, RANGES, DAYS = map(tuple, (MUTUAL_BINS, RANGE_BINS, DAY_BINS))
GROUPS = ("all", "observed", "rarefied", "unknown")
ALL = ("all",)


@dataclass(frozen=True, slots=True)
class Indicator:
    """`unit` of a count or mean: what is counted, of a share: what it is a share of; `strata` besides platforms.

    `disclosure` is what hides a row of the public edition by itself: ``few``: a value under k; ``few_of_share``: fewer
    than k cases, or than k in the numerator; ``few_of_cases``: fewer than k cases; ``sums``: nothing by itself, but its
    sum of head counts is told only where no small one can be worked out; ``told``: nothing.
    """

    name: str
    kind: Kind
    unit: str
    disclosure: Disclosure
    en: str
    fr: str
    strata: tuple[str, ...] = ALL

    def label(self, language: str) -> str:
        """Its name for readers, in ``en`` or ``fr``."""
        return self.fr if language == "fr" else self.en


INDICATORS = (
    Indicator("calls", "count", "posts", "few", "Calls", "Appels"),
    Indicator("late_repeat_calls", "count", "posts", "few", "Late repeated calls", "Appels répétés tard"),
    Indicator("episodes", "count", "episodes", "few", "Episodes", "Épisodes"),
    Indicator("mature_episodes", "count", "episodes", "few", "Episodes fully followed", "Épisodes au suivi achevé"),
    Indicator("mobilisers", "count", "pairs", "few", "Mobilisers", "Mobilisateurs"),
    Indicator("classified", "count", "pairs", "few", "Classified mobilisers", "Mobilisateurs classés"),
    Indicator("distinct_mobilisers", "count", "persons", "few", "Distinct mobilisers", "Mobilisateurs distincts"),
    Indicator("organiser_mobilisers", "count", "pairs", "few", "Mobilising organisers", "Organisateurs mobilisateurs"),
    Indicator("bot_mobilisers", "count", "pairs", "few", "Mobilising bots", "Robots mobilisateurs"),
    Indicator("referrals", "count", "mentions", "few", "Referrals", "Mises en relation"),
    Indicator("ties", "count", "pairs", "sums", "Mobilisers by tie", "Mobilisateurs par lien", TIE_CLASSES),
    Indicator("tie_mix", "share", "pairs", "sums", "Tie mix", "Répartition des liens", (*TIE_CLASSES, "absent")),
    Indicator("weak_tie_share_of_classified", "share", "pairs", "sums", "Weak-tie share", "Part des liens faibles"),
    Indicator(
        "weak_tie_share_of_observed",
        "share",
        "pairs",
        "sums",
        "Weak-tie share of observed ties",
        "Part des liens faibles parmi les liens observés",
    ),
    Indicator("activation", "share", "pairs", "few_of_share", "Dormant ties woken", "Liens dormants réveillés"),
    Indicator("yield", "share", "ties", "few_of_cases", "Yield", "Rendement", TIE_CLASSES[:3]),
    Indicator(
        "ln_yield_weak_over_strong", "log_ratio", "ties", "told", "Yield, weak over strong", "Rendement faible / fort"
    ),
    Indicator("yield_by_days", "share", "ties", "few_of_cases", "Yield by days", "Rendement par jours", DAYS),
    Indicator("yield_by_mutual", "share", "ties", "few_of_cases", "Yield by mutual", "Rendement par voisins", MUTUAL),
    Indicator("mutual", "count", "pairs", "sums", "By mutual contacts", "Par contacts communs", MUTUAL),
    Indicator("range", "count", "pairs", "sums", "By range", "Par portée", RANGES),
    Indicator("mean_overlap_of_observed", "mean", "index", "told", "Mean overlap", "Recouvrement moyen"),
    Indicator("bridging_share_of_classified", "share", "pairs", "sums", "Bridging share", "Part des ponts"),
    Indicator(
        "bridging_share_of_observed",
        "share",
        "pairs",
        "sums",
        "Bridging share of observed ties",
        "Part des ponts parmi les liens observés",
    ),
    Indicator("cross_community_share", "share", "pairs", "sums", "Between communities", "Entre communautés"),
    Indicator("e_i_index", "index", "pairs", "sums", "E–I index", "Indice E–I", ("all", "without_community")),
    Indicator("response_rate", "share", "episodes", "told", "Response rate", "Taux de réponse"),
    Indicator(
        "median_hours_to_first",
        "hours",
        "hours",
        "told",
        "Median time to first response",
        "Délai médian de première réponse",
    ),
    Indicator(
        "median_hours_to_first_stranger",
        "hours",
        "hours",
        "told",
        "Median time to a stranger's first response",
        "Délai médian de première réponse d'un inconnu",
    ),
    Indicator("share_24h", "share", "episodes", "told", "Answered within 24 h", "Réponse en moins de 24 h"),
    Indicator(
        "share_24h_stranger",
        "share",
        "episodes",
        "told",
        "Answered by a stranger within 24 h",
        "Réponse d'un inconnu en moins de 24 h",
    ),
    Indicator("active_dyads", "count", "pairs", "few", "Active dyads", "Dyades actives"),
    Indicator("new_dyads", "count", "pairs", "few", "New dyads", "Dyades nouvelles"),
    Indicator("new_dyad_share", "share", "pairs", "few_of_share", "Share of new dyads", "Part des dyades nouvelles"),
    Indicator("actors", "count", "persons", "few", "Actors", "Acteurs"),
    Indicator("first_time_actors", "count", "persons", "few", "First-time actors", "Acteurs nouveaux"),
    Indicator(
        "first_time_share", "share", "persons", "few_of_share", "Share of first-time actors", "Part d'acteurs nouveaux"
    ),
    Indicator("relays", "count", "acts", "few", "Relays", "Relais"),
    Indicator("redundant_relays", "share", "acts", "told", "Redundant relays", "Relais redondants"),
    Indicator("conversion_difference", "difference", "pairs", "told", "Conversion", "Conversion"),
    Indicator("broker_pairs", "count", "triples", "few", "Brokerages", "Intermédiations"),
    Indicator("brokered_pairs_distinct", "count", "pairs", "few", "Brokered pairs", "Paires mises en relation"),
    Indicator("brokers", "count", "persons", "few", "Brokers", "Intermédiaires"),
    Indicator("fragility", "share", "pairs", "told", "Fragility", "Fragilité", tuple(map(str, REMOVED))),
    Indicator("gini", "index", "persons", "told", "Gini index of mobilisations", "Indice de Gini des mobilisations"),
    Indicator("top5_share", "share", "acts", "told", "Share of the five most active", "Part des cinq plus actifs"),
    Indicator("periphery_share", "share", "persons", "few_of_share", "From the periphery", "Venus de la périphérie"),
    Indicator("orphan_replies", "count", "posts", "few", "Replies without parent", "Réponses sans parent"),
    Indicator(
        "orphan_replies_with_hashtag",
        "count",
        "posts",
        "few",
        "Replies without parent, with the hashtag",
        "Réponses sans parent, avec le mot-dièse",
    ),
    Indicator("outcome_posts", "count", "posts", "few", "Results and thanks", "Résultats et remerciements",
              ("all", "result", "thanks")),
    Indicator("cascade_size", "mean", "posts", "told", "Size of the largest tree", "Taille du plus grand arbre"),
    Indicator("cascade_depth", "mean", "steps", "told", "Depth of the largest tree", "Profondeur du plus grand arbre"),
    Indicator("cascade_breadth", "mean", "posts", "told", "Breadth of the largest tree", "Largeur du plus grand arbre",
              ("all", "reposts")),
    Indicator("structural_virality", "mean", "steps", "told", "Structural virality", "Viralité structurelle"),
    Indicator("reach_followers", "number", "accounts", "told", "Followers, upper bound", "Abonnés, borne haute"),
    Indicator("reach_communities", "number", "groups", "few", "Communities reached", "Communautés touchées", GROUPS),
    Indicator("reach_instances", "number", "groups", "told", "Instances reached", "Instances touchées", GROUPS),
    Indicator("reach_languages", "number", "groups", "told", "Languages reached", "Langues touchées", GROUPS),
    Indicator("newcomers", "count", "persons", "few", "Newcomers", "Nouveaux venus"),
    Indicator("retention", "share", "persons", "few_of_share", "Retention", "Rétention",
              tuple(str(week) for week in range(1, WEEKS_FOLLOWED + 1))),
)  # fmt: skip

CATALOGUE = {indicator.name: indicator for indicator in INDICATORS}


def named(*disclosures: Disclosure) -> frozenset[str]:
    """Names of the indicators under one of those rules of disclosure."""
    return frozenset(one.name for one in INDICATORS if one.disclosure in disclosures)


def checked(name: str, stratum: str | None = None) -> Indicator:
    """The entry of an indicator. Raises KeyError for one, or a stratum of it, that is not listed."""
    one = CATALOGUE.get(name)
    if one is None or (stratum is not None and stratum not in one.strata):
        raise KeyError(f"no indicator {name} ({stratum or 'any stratum'}) in transforms/indicators/catalogue.py")
    return one
