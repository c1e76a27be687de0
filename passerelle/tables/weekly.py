"""Every week: its indicators, what was asked of servers, what nobody saw."""

from __future__ import annotations

from passerelle.allowed import FigureStatus, Unknowable
from passerelle.tables.columns import INT, PLATFORM, REAL, TEXT, Table, one_of, optional, required

WEEKLY_INDICATORS = Table(
    "weekly_indicators",
    "One row a week, indicator and stratum",
    "Une ligne par semaine, indicateur et strate",
    ("campaign", "iso_week", "indicator", "stratum"),
    (
        required("campaign", TEXT, "Name of the campaign", "Nom de la campagne"),
        required("iso_week", TEXT, "ISO week in the campaign's zone", "Semaine ISO dans le fuseau de la campagne"),
        required(
            "indicator",
            TEXT,
            "Name of the indicator, see docs/methods.md",
            "Nom de l'indicateur, voir docs/methods.md",
        ),
        required(
            "stratum",
            TEXT,
            "all, a platform, a class or a bin",
            "all, une plateforme, une classe ou un intervalle",
        ),
        optional(
            "value",
            REAL,
            "Value; null where undefined or suppressed",
            "Valeur ; nulle si non définie ou masquée",
        ),
        optional("low", REAL, "Lower end of the 95 % interval", "Borne basse de l'intervalle à 95 %"),
        optional("high", REAL, "Upper end of the 95 % interval", "Borne haute de l'intervalle à 95 %"),
        optional("z", REAL, "Standard deviations from the null model", "Écarts-types par rapport au modèle nul"),
        optional("p", REAL, "p-value against the null model", "Valeur p contre le modèle nul"),
        optional("n", INT, "Cases behind the value", "Effectif derrière la valeur"),
        one_of("status", FigureStatus, "How far the value can be relied on", "Ce que vaut le chiffre"),
    ),
)


WEEKLY_COVERAGE = Table(
    "weekly_coverage",
    "One row a week of asking, platform and server: what was asked for, what came, what is known to be missing",
    "Une ligne par semaine de collecte, plateforme et serveur : ce qui a été demandé, ce qui est venu, ce qui manque",
    ("iso_week", "platform", "source"),
    (
        required("iso_week", TEXT, "ISO week of asking, in the campaign's zone", "Semaine ISO de la collecte"),
        PLATFORM,
        required("source", TEXT, "Server", "Serveur"),
        required("runs", INT, "Runs that asked it", "Collectes qui l'ont interrogé"),
        required("asked", INT, "Lists asked for", "Listes demandées"),
        required("received", INT, "Things that came in them", "Éléments reçus"),
        optional("announced", INT, "Things that lists announced", "Éléments annoncés par des listes"),
        optional("received_of_announced", INT, "Things that came in those lists", "Éléments reçus de ces listes"),
        required("gaps", INT, "Timelines not known to be whole", "Fils de mots-dièse pas sûrement entiers"),
        required("threads", INT, "Threads asked for", "Fils de discussion demandés"),
        required("incomplete_threads", INT, "Of them not whole", "Dont incomplets"),
        required("histories", INT, "People whose history was asked for", "Personnes dont l'historique a été demandé"),
        required("incomplete_histories", INT, "Of them not whole", "Dont incomplets"),
        required("reasons", TEXT, "Why lists are not whole, as JSON", "Pourquoi des listes sont incomplètes, en JSON"),
        required("refused", TEXT, "Records refused by reason, as JSON", "Enregistrements refusés par motif, en JSON"),
    ),
)


WEEKLY_UNSEEN = Table(
    "weekly_unseen",
    "One row a week of posting and platform: posts with the hashtag that were seen, and how many there may be in all",
    "Une ligne par semaine de publication et plateforme : publications vues avec le mot-dièse, et leur nombre estimé",
    ("iso_week", "platform"),
    (
        required("iso_week", TEXT, "ISO week in the campaign's zone", "Semaine ISO dans le fuseau de la campagne"),
        PLATFORM,
        required("num_lists", INT, "Servers asked", "Serveurs interrogés"),
        required("seen", INT, "Posts that some server showed", "Publications montrées par au moins un serveur"),
        optional("total", REAL, "How many there are, by capture-recapture", "Combien il y en a, par capture-recapture"),
        optional("low", REAL, "Lower end of its 95 % interval", "Borne basse de son intervalle à 95 %"),
        optional("high", REAL, "Upper end of it", "Borne haute"),
        one_of("reason", Unknowable, "Why it is not known", "Pourquoi on ne le sait pas", nullable=True),
    ),
)
