"""The indicators of every week."""

from __future__ import annotations

from passerelle.allowed import FigureStatus
from passerelle.tables.columns import INT, REAL, TEXT, Table, one_of, optional, required

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
