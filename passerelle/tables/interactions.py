"""Who acted towards whom."""

from __future__ import annotations

from passerelle.allowed import Act
from passerelle.tables.columns import FLAG, INT, PLATFORM, TEXT, TIME, Table, one_of, optional, required

INTERACTIONS = Table(
    "interactions",
    "One row a post, actor and target: one person acting towards another",
    "Une ligne par publication, acteur et cible : une personne qui agit envers une autre",
    ("post_id", "source_id", "target_id"),
    (
        PLATFORM,
        required(
            "post_id",
            TEXT,
            "The acting post; for a repost the post reposted",
            "La publication qui agit ; pour un repartage, celle qui est repartagée",
        ),
        required("source_id", TEXT, "Who acts", "Qui agit"),
        required("target_id", TEXT, "Towards whom", "Envers qui"),
        one_of("kind", Act, "How", "Comment"),
        required("time", TIME, "When, or the latest it can have been", "Quand, ou au plus tard"),
        required("not_before", TIME, "The earliest; equals time when exact", "Au plus tôt ; égale time si exact"),
        optional(
            "acted_on_id",
            TEXT,
            "The post acted upon; null for a mention",
            "La publication visée ; nul pour une mention",
        ),
        optional("root_id", TEXT, "Root of the thread", "Racine du fil"),
        required(
            "is_campaign",
            FLAG,
            "The acting post carries the hashtag or stands under one that does",
            "La publication porte le mot-dièse, ou se trouve sous une qui le porte",
        ),
        required(
            "num_repeats",
            INT,
            "Times a repost was undone and redone",
            "Fois où un repartage a été défait puis refait",
        ),
        required("iso_week", TEXT, "ISO week of time, in UTC", "Semaine ISO de time, en UTC"),
    ),
    partition="iso_week",
)
