"""Calls for help, and who mobilised for them."""

from __future__ import annotations

from passerelle.allowed import Act, Role, TieClass
from passerelle.tables.columns import (
    ACCOUNT_ID,
    FLAG,
    INT,
    LIST,
    PLATFORM,
    REAL,
    TEXT,
    TIME,
    Table,
    one_of,
    optional,
    required,
)

EPISODES = Table(
    "episodes",
    "One row a beneficiary and first call, followed for 168 hours; none other opens for 14 days",
    "Une ligne par bénéficiaire et premier appel, suivi pendant 168 heures ; aucun autre ne s'ouvre avant 14 jours",
    ("episode_id",),
    (
        required("episode_id", TEXT, "Pseudonym of the first call", "Pseudonyme du premier appel"),
        PLATFORM,
        required(
            "iso_week",
            TEXT,
            "ISO week of t_call in the campaign's zone",
            "Semaine ISO de t_call dans le fuseau de la campagne",
        ),
        required("beneficiary_id", TEXT, "Who is to be helped", "Qui doit être aidé"),
        required(
            "beneficiary_is_author",
            FLAG,
            "The author stands in for a person without account",
            "L'auteur tient lieu de bénéficiaire, faute de compte",
        ),
        required("t_call", TIME, "Time of the first call", "Heure du premier appel"),
        required(
            "call_ids",
            LIST,
            "Posts that are calls of this episode, first one first",
            "Appels de cet épisode, le premier en tête",
        ),
        required("author_ids", LIST, "Authors of those calls", "Auteurs de ces appels"),
        required(
            "is_mature",
            FLAG,
            "t_call + 168 h is not after as-of",
            "t_call + 168 h n'est pas postérieur à la date d'arrêt",
        ),
        required(
            "is_covered",
            FLAG,
            "The beneficiary's history was collected",
            "L'historique du bénéficiaire a été collecté",
        ),
    ),
)


MOBILISATIONS = Table(
    "mobilisations",
    "One row a mobiliser and episode: first act, and the tie frozen at the call",
    "Une ligne par mobilisateur et épisode : premier acte, et lien figé au moment de l'appel",
    ("account_id", "episode_id"),
    (
        ACCOUNT_ID,
        required("episode_id", TEXT, "The episode", "L'épisode"),
        PLATFORM,
        required("iso_week", TEXT, "The episode's week", "La semaine de l'épisode"),
        one_of("role", Role, "Who acts: the groups are never mixed", "Qui agit : les groupes ne sont jamais mêlés"),
        one_of("act", Act, "Kind of the first act", "Nature du premier acte"),
        required("time", TIME, "First act, or the latest it can have been", "Premier acte, ou au plus tard"),
        required("not_before", TIME, "The earliest; equals time when exact", "Au plus tôt ; égale time si exact"),
        required(
            "num_acts",
            INT,
            "Acts in the follow-up, repeats counted",
            "Actes pendant le suivi, répétitions comptées",
        ),
        required("num_referrals", INT, "Third persons named in those acts", "Tiers nommés dans ces actes"),
        one_of("tie_class", TieClass, "Class of the tie at the call", "Classe du lien au moment de l'appel"),
        required(
            "num_days",
            INT,
            "D: distinct UTC days of contact in the window",
            "D : jours UTC distincts de contact dans la fenêtre",
        ),
        required("num_weeks", INT, "NW: ISO weeks (UTC) of contact", "NW : semaines ISO (UTC) de contact"),
        required("is_reciprocal", FLAG, "R: contact in both directions", "R : contact dans les deux sens"),
        required(
            "num_mutual",
            INT,
            "M: mutual neighbours on the prior graph",
            "M : voisins communs dans le graphe antérieur",
        ),
        optional("overlap", REAL, "O; null without a tie or where undefined", "O ; nul sans lien ou si non défini"),
        optional(
            "range",
            REAL,
            "Distance once the pair's own tie is taken out; infinite if none",
            "Distance sans le lien du couple ; infinie s'il n'y en a pas",
        ),
    ),
)
