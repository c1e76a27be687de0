"""How the collection went: runs, what they covered, what they set aside."""

from __future__ import annotations

from passerelle.allowed import RunStatus, Scope
from passerelle.tables.columns import FLAG, INT, PLATFORM, RUN_ID, TEXT, TIME, Table, one_of, optional, required

RUNS = Table(
    "runs",
    "One row a run and source: outcome, counters, position",
    "Une ligne par collecte et source : issue, compteurs, position",
    ("run_id", "source"),
    (
        RUN_ID,
        required("source", TEXT, "Server or archive", "Serveur ou archive"),
        required("started_at", TIME, "The run's clock", "Horloge de la collecte"),
        required("finished_at", TIME, "End", "Fin"),
        one_of("status", RunStatus, "How it ended", "Comment elle a fini"),
        required("campaign_hash", TEXT, "SHA-256 of the campaign file", "SHA-256 du fichier de campagne"),
        required("fetched", INT, "Records that came", "Enregistrements reçus"),
        required("accepted", INT, "New rows", "Nouvelles lignes"),
        required(
            "updated",
            INT,
            "Known rows with newer words or counts",
            "Lignes connues au texte ou compteurs plus récents",
        ),
        required("duplicate", INT, "Exact repeats", "Répétitions exactes"),
        required("quarantined", INT, "Set aside", "Mis à l'écart"),
        required("refused", INT, "Refused by policy", "Refusés par la politique de collecte"),
        optional(
            "deletions",
            INT,
            "Posts that the source said are gone; null in rows from before this was counted",
            "Publications que la source a dites disparues ; nul tant que ce n'était pas compté",
        ),
        required(
            "reasons",
            TEXT,
            "Refusals and quarantines by reason, as JSON",
            "Refus et mises à l'écart par motif, en JSON",
        ),
        required("checks", INT, "Quality checks made with this run", "Contrôles qualité faits avec cette collecte"),
        required("failed_checks", INT, "Those that some rows failed", "Ceux que des lignes ont manqués"),
        required("cursors", TEXT, "Position reached, as JSON", "Position atteinte, en JSON"),
    ),
)


COVERAGE = Table(
    "coverage",
    "One row a thing asked of a source: what came, what is missing, why",
    "Une ligne par demande faite à une source : ce qui est venu, ce qui manque, pourquoi",
    ("run_id", "source", "scope", "subject_id"),
    (
        RUN_ID,
        PLATFORM,
        required("source", TEXT, "Server or archive", "Serveur ou archive"),
        one_of("scope", Scope, "What was asked for", "Ce qui a été demandé"),
        required(
            "subject_id",
            TEXT,
            "Hashtag, or pseudonym of the post or account",
            "Mot-dièse, ou pseudonyme de la publication ou du compte",
        ),
        required("asked_at", TIME, "When", "Quand"),
        required("is_complete", FLAG, "Nothing is known to be missing", "Rien ne manque à notre connaissance"),
        required("got", INT, "How many came", "Combien sont venus"),
        optional("expected", INT, "How many were announced", "Combien étaient annoncés"),
        optional("covered_from", TIME, "Known from", "Connu à partir de"),
        optional("covered_until", TIME, "Known until", "Connu jusqu'à"),
        optional(
            "reason",
            TEXT,
            "Why it is not complete: limit (we cut it), end_unknown (the server does not tell where the list ends), "
            "robots, refused, login, legal, gone, withheld, unreachable, rate_limit, malformed, missing_replies, "
            "budget (it would have cost more than may be spent), unknown_account, not_offered, "
            "without_replies (a history that does not hold whom the person answered), "
            "search (an index read to its end, which proves nothing), "
            "gap (a stream no longer held what came before covered_from), newest_only (a feed of the newest, which "
            "does not reach back to what was read before)",
            "Pourquoi c'est incomplet : limit (coupé par nous), end_unknown (le serveur ne dit pas où finit la liste), "
            "robots, refused, login, legal, gone, withheld, unreachable, rate_limit, malformed, missing_replies, "
            "budget (plus cher que ce qui peut être dépensé), unknown_account, not_offered, "
            "without_replies (un historique où manquent les réponses de la personne), "
            "search (un index lu jusqu'au bout, ce qui ne prouve rien), "
            "gap (un flux ne gardait plus ce qui précède covered_from), newest_only (un flux des plus récents, qui ne "
            "remonte pas jusqu'à ce qui était lu)",
        ),
    ),
)


QUARANTINE = Table(
    "quarantine",
    "One row a thing that was set aside, with its place and reason",
    "Une ligne par élément écarté, avec sa place et son motif",
    ("run_id", "source", "place", "reason"),
    (
        RUN_ID,
        required("source", TEXT, "Server or file", "Serveur ou fichier"),
        required(
            "place",
            TEXT,
            "Line, request or pseudonym of the post",
            "Ligne, requête ou pseudonyme de la publication",
        ),
        required("reason", TEXT, "Why, in one phrase", "Pourquoi, en une formule"),
        required("stage", TEXT, "landing, clean or analyse", "landing, clean ou analyse"),
        required("quarantined_at", TIME, "When", "Quand"),
    ),
)
