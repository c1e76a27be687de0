"""What posts of the campaign do."""

from __future__ import annotations

from passerelle.allowed import Beneficiary, LabelName, Outcome
from passerelle.tables.columns import PLATFORM, POST_ID, REAL, TEXT, Table, one_of, optional, required

LABELS = Table(
    "labels",
    "One row a campaign post: what it does",
    "Une ligne par publication de la campagne : ce qu'elle fait",
    ("platform", "post_id"),
    (
        PLATFORM,
        POST_ID,
        one_of("label", LabelName, "What the post does", "Ce que fait la publication"),
        optional("score", REAL, "Probability given by the classifier", "Probabilité donnée par le classifieur"),
        one_of("beneficiary", Beneficiary, "Of a call: for whom", "D'un appel : pour qui", nullable=True),
        optional(
            "beneficiary_id",
            TEXT,
            "Account of the beneficiary, if it has one",
            "Compte du bénéficiaire, s'il en a un",
        ),
        one_of(
            "outcome",
            Outcome,
            "Of thanks_outcome: a result is told, or thanks alone, by the classifier; null if only people saw one",
            "D'un thanks_outcome : un résultat est dit, ou un merci seul, d'après le classifieur ; nul si seuls des "
            "humains en ont vu un",
            nullable=True,
        ),
        required("coder", TEXT, "human, or the classifier's version", "human, ou la version du classifieur"),
    ),
)
