"""Who engaged with a post, and the looks that bound when."""

from __future__ import annotations

from passerelle.allowed import EngagementKind, PollKind
from passerelle.tables.columns import (
    ACCOUNT_ID,
    FLAG,
    INT,
    PLATFORM,
    POST_ID,
    TEXT,
    TIME,
    UNKNOWN,
    Table,
    one_of,
    optional,
    required,
)

ENGAGEMENTS = Table(
    "engagements",
    "One row an account's repost or favourite of a post, timed or bounded by two polls of the server that first showed "
    "it; it is an act, and stays when it is taken back",
    "Une ligne par repartage ou favori d'un compte, daté ou encadré par deux relevés du serveur qui l'a montré "
    "d'abord ; c'est un acte, qui reste même s'il est annulé ensuite",
    ("post_id", "account_id", "kind"),
    (
        PLATFORM,
        POST_ID,
        ACCOUNT_ID,
        one_of("kind", EngagementKind, "What was done", "Ce qui a été fait"),
        optional("at", TIME, "Exact time, when known", "Heure exacte, si elle est connue"),
        optional(
            "not_before",
            TIME,
            "Last complete poll of `source` without it, else the post's own time",
            "Dernier relevé complet de `source` sans lui, sinon l'heure de la publication",
        ),
        required(
            "first_seen",
            TIME,
            "First look with it, on any server",
            "Premier relevé où il figure, sur tout serveur",
        ),
        required("source", TEXT, "Server or archive that showed it then", "Serveur ou archive qui le montrait alors"),
    ),
)


POLLS = Table(
    "polls",
    "One row a look, on one server, at who engaged with a post",
    "Une ligne par relevé, sur un serveur, des comptes ayant réagi à une publication",
    ("post_id", "kind", "source", "polled_at"),
    (
        PLATFORM,
        POST_ID,
        one_of("kind", PollKind, "What was counted", "Ce qui a été compté"),
        required(
            "source",
            TEXT,
            "Server that was asked: it knows nothing of what never reached it. `unknown` in rows of older lakes where "
            "nothing tells it: such a poll bounds no engagement",
            "Serveur interrogé : il ignore ce qui ne lui est pas parvenu. `unknown` dans les lignes d'anciens lacs "
            "quand rien ne l'indique : un tel relevé ne borne rien",
            before=UNKNOWN,
        ),
        required("polled_at", TIME, "When its first page came", "Quand sa première page est venue"),
        optional(
            "ended_at",
            TIME,
            "When its last page came; null where that was not written down yet",
            "Quand sa dernière page est venue ; nul tant que ce n'était pas noté",
        ),
        required(
            "complete",
            FLAG,
            "All came that the counter promised",
            "Tout ce que le compteur annonçait est venu",
        ),
        required("got", INT, "How many came", "Combien sont venus"),
        optional("expected", INT, "How many the counter promised", "Combien le compteur en annonçait"),
    ),
)
