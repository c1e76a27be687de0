"""Was there an answer, and how soon?"""

from __future__ import annotations

from transforms.indicators.catalogue.entry import Fraction, Indicator, Words
from transforms.indicators.response import response

RESPONSES = (
    Indicator(
        name="response_rate",
        kind="share",
        unit="episodes",
        formula=response,
        en=Words("Response rate", "Share of the fully followed episodes in which somebody relayed or answered."),
        fr=Words("Taux de réponse", "Part des épisodes au suivi achevé où quelqu'un a relayé ou répondu."),
        value=Fraction("mature episodes with ≥ 1 mobiliser", "mature episodes"),
        sure="W",
        source="Wilson 1927",
    ),
    Indicator(
        name="median_hours_to_first",
        kind="time",
        unit="hours",
        formula=response,
        en=Words(
            "Median time to first response",
            "Hours after which half of the episodes had a first answer, those without any included.",
            "First response",
        ),
        fr=Words(
            "Délai médian de première réponse",
            "Heures au bout desquelles la moitié des épisodes avaient une première réponse, ceux sans réponse compris.",
            "Première réponse",
        ),
        value="smallest t with S(t) ≤ ½, else null (24)",
        sure="KM",
        source="Kaplan & Meier 1958; Brookmeyer & Crowley 1982",
    ),
    Indicator(
        name="median_hours_to_first_stranger",
        kind="time",
        unit="hours",
        formula=response,
        en=Words(
            "Median time to a stranger's first response",
            "Hours after which half of the episodes had a first answer from somebody without observed tie.",
        ),
        fr=Words(
            "Délai médian de première réponse d'un inconnu",
            "Heures au bout desquelles la moitié des épisodes avaient une première réponse de quelqu'un sans"
            " lien observé.",
        ),
        value="the same; first answer by an absent tie",
        sure="KM",
        source="as above",
    ),
    Indicator(
        name="share_24h",
        kind="share",
        unit="episodes",
        formula=response,
        en=Words("Answered within 24 h", "Share of the episodes with a first answer within 24 hours."),
        fr=Words("Réponse en moins de 24 h", "Part des épisodes qui ont une première réponse en moins de 24 heures."),
        value=Fraction(
            "episodes answered by 24 h",
            "episodes",
            "as 1 − S(24 h); null if nobody was watched 24 h and some were still waiting",
        ),
        sure="KM",
        source="as above",
    ),
    Indicator(
        name="share_24h_stranger",
        kind="share",
        unit="episodes",
        formula=response,
        en=Words(
            "Answered by a stranger within 24 h",
            "Share of the episodes with a first answer within 24 hours from somebody without observed tie.",
        ),
        fr=Words(
            "Réponse d'un inconnu en moins de 24 h",
            "Part des épisodes qui ont en moins de 24 heures une première réponse de quelqu'un sans lien observé.",
        ),
        value=Fraction("episodes answered by an absent tie by 24 h", "episodes", "as above"),
        sure="KM",
        source="as above",
    ),
)
