"""Every table of the lake: Arrow schema, key, partition, and the words of the data dictionary.

A column without words in both languages cannot be declared, so the dictionary cannot lag. All times are UTC
microseconds; identifiers are keyed pseudonyms (see `passerelle/identity.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import pyarrow as pa
import pyarrow.compute as pc

from passerelle.allowed import (
    Act,
    Beneficiary,
    EngagementKind,
    FigureStatus,
    LabelName,
    Outcome,
    PollKind,
    Role,
    RunStatus,
    Scope,
    TieClass,
    first_stray,
)
from passerelle.platforms import PLATFORMS

TIME = pa.timestamp("us", tz="UTC")
TEXT, INT, REAL, FLAG, LIST = pa.string(), pa.int64(), pa.float64(), pa.bool_(), pa.list_(pa.string())


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its Arrow type, whether null has a meaning, and its words.

    `before` is what rows hold that were written before the column was added, where null has no meaning. `values` are
    all that it may hold, where that is a short list.
    """

    name: str
    type: pa.DataType
    en: str
    fr: str
    nullable: bool = True
    before: str | bool | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table: grain in words, key, partition column, columns in order."""

    name: str
    en: str
    fr: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    partition: str | None = None

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema; key columns are never null."""
        return pa.schema([pa.field(c.name, c.type, nullable=c.nullable) for c in self.columns])

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError where there is none."""
        return {column.name: column for column in self.columns}[name]

    def empty(self) -> pa.Table:
        """A table of no rows with this schema."""
        return self.schema.empty_table()

    def conform(self, table: pa.Table) -> pa.Table:
        """`table` with these columns in this order and type; a missing nullable column is null.

        Raises KeyError for a missing mandatory column, pyarrow.ArrowInvalid for a value that does not fit, ValueError
        for one that the column may not hold.
        """
        return pa.table(
            {c.name: _column(table, c) for c in self.columns},
            schema=self.schema,
        )

    def brought_up(self, rows: pa.Table) -> pa.Table:
        """`rows` (any of these columns) of a file from before: what a column that was added since holds there."""
        for column in self.columns:
            place = rows.schema.get_field_index(column.name)
            if column.before is not None and place >= 0 and rows[column.name].null_count:
                filled = pc.fill_null(rows[column.name], pa.scalar(column.before, column.type))
                rows = rows.set_column(place, rows.schema.field(place), filled)
        return rows


def _column(table: pa.Table, column: Column) -> pa.ChunkedArray | pa.Array:
    if column.name in table.column_names:
        found = table[column.name].cast(column.type)
        if column.values and (stray := first_stray(pc.unique(found).to_pylist(), column.values)) is not None:
            raise ValueError(f"column '{column.name}' may hold {', '.join(column.values)}, not '{stray}'")
        return found
    if not column.nullable:
        raise KeyError(f"column '{column.name}' is missing")
    return pa.nulls(table.num_rows, column.type)


def _c(name: str, kind: pa.DataType, en: str, fr: str) -> Column:
    return Column(name, kind, en, fr)


def _k(name: str, kind: pa.DataType, en: str, fr: str, before: str | bool | None = None) -> Column:
    return Column(name, kind, en, fr, nullable=False, before=before)


def _one_of(name: str, values: object, en: str, fr: str, *, nullable: bool = False) -> Column:
    """A text column that holds one of a Literal's values."""
    return Column(name, TEXT, en, fr, nullable=nullable, values=get_args(values))


UNKNOWN = "unknown"
"""Source of what was written before its table named it, where nothing else tells it."""


PLATFORM = _k(
    "platform",
    TEXT,
    f"Family of the source: {', '.join(PLATFORMS)}, twitter, or the name given by an import",
    f"Famille de la source : {', '.join(PLATFORMS)}, twitter, ou le nom donné par un import",
)
POST_ID = _k(
    "post_id",
    TEXT,
    "Pseudonym of the post's canonical URI",
    "Pseudonyme de l'URI canonique de la publication",
)
ACCOUNT_ID = _k("account_id", TEXT, "Pseudonym of the account", "Pseudonyme du compte")
RUN_ID = _k("run_id", TEXT, "The run that brought the row", "La collecte qui a apporté la ligne")

POSTS = Table(
    "posts",
    "One row a post: words of the last edition seen, counts of the newest look at it (on whichever server, and each "
    "counts what reached it), relations of the first; what it replies to and quotes, of the first that names it",
    "Une ligne par publication : texte de la dernière version vue, compteurs de la dernière capture (sur l'un ou "
    "l'autre serveur, et chacun compte ce qui lui est parvenu), relations de la première ; ce à quoi elle répond et ce "
    "qu'elle cite, de la première qui le nomme",
    ("platform", "post_id"),
    (
        PLATFORM,
        POST_ID,
        _k("iso_week", TEXT, "ISO week of created_at, in UTC", "Semaine ISO de created_at, en UTC"),
        _k("created_at", TIME, "Time stated by the platform", "Heure déclarée par la plateforme"),
        _k("first_captured_at", TIME, "First capture", "Première capture"),
        _k("captured_at", TIME, "Newest look, changed or not", "Dernière capture, changée ou non"),
        _c("edited_at", TIME, "Last edit, if any", "Dernière modification, s'il y en a"),
        _c(
            "deleted_at",
            TIME,
            "When it was found deleted, see `deletions`",
            "Date à laquelle on l'a trouvée supprimée, voir `deletions`",
        ),
        _k("author_id", TEXT, "Pseudonym of the author", "Pseudonyme de l'auteur"),
        _k(
            "text",
            TEXT,
            "Plain text; mentions, profile links and e-mails replaced by pseudonyms",
            "Texte brut ; mentions, liens de profil et adresses remplacés par des pseudonymes",
        ),
        _c("language", TEXT, "ISO 639-1 code given by the platform", "Code ISO 639-1 donné par la plateforme"),
        _k("hashtags", LIST, "Folded hashtags, without #", "Mots-dièse normalisés, sans #"),
        _k("mentions", LIST, "Accounts mentioned, each once", "Comptes mentionnés, une fois chacun"),
        _k(
            "prefix_mentions",
            LIST,
            "Those that the platform set before the text",
            "Ceux que la plateforme a placés avant le texte",
        ),
        _c("reply_to_id", TEXT, "Post replied to", "Publication à laquelle elle répond"),
        _c("reply_to_author_id", TEXT, "Its author, when stated", "Son auteur, s'il est indiqué"),
        _c("root_id", TEXT, "Root of the thread, when stated", "Racine du fil, si elle est indiquée"),
        _c("repost_of_id", TEXT, "Post reposted", "Publication repartagée"),
        _c("repost_of_author_id", TEXT, "Its author", "Son auteur"),
        _c("quote_of_id", TEXT, "Post quoted", "Publication citée"),
        _c("quote_of_author_id", TEXT, "Its author", "Son auteur"),
        _c("replies", INT, "Replies counted by the platform", "Réponses comptées par la plateforme"),
        _c("reposts", INT, "Reposts counted by the platform", "Repartages comptés par la plateforme"),
        _c("quotes", INT, "Quotes counted by the platform", "Citations comptées par la plateforme"),
        _c("favourites", INT, "Favourites counted by the platform", "Favoris comptés par la plateforme"),
        _k(
            "has_media",
            FLAG,
            "Carries an image, video or file",
            "Contient une image, une vidéo ou un fichier",
        ),
        _k(
            "embedded",
            FLAG,
            "Seen only inside another post",
            "Vue seulement à l'intérieur d'une autre publication",
        ),
        _k(
            "source",
            TEXT,
            "Server or archive it was first seen on",
            "Serveur ou archive où elle a été vue d'abord",
        ),
    ),
    partition="iso_week",
)

POST_VERSIONS = Table(
    "post_versions",
    "One row a look at a post: what it said at that moment; of looks of one run that say the same, the first and last",
    "Une ligne par capture d'une publication : ce qu'elle disait alors ; des captures d'une même collecte qui disent "
    "la même chose, la première et la dernière",
    ("platform", "post_id", "version_id", "captured_at"),
    (
        PLATFORM,
        POST_ID,
        _k(
            "version_id",
            TEXT,
            "Digest of words, counts and relations",
            "Empreinte du texte, des compteurs et des relations",
        ),
        *(c for c in POSTS.columns if c.name not in ("platform", "post_id", "first_captured_at", "deleted_at")),
        _k(
            "reply_to_is_local",
            FLAG,
            "`reply_to_id` is made of the server's own id: it did not show the post replied to",
            "`reply_to_id` vient de l'identifiant propre au serveur, qui n'a pas montré la publication visée",
            before=False,
        ),
        _k(
            "quote_of_is_local",
            FLAG,
            "`quote_of_id` is made of the server's own id: it did not show the post quoted",
            "`quote_of_id` vient de l'identifiant propre au serveur, qui n'a pas montré la publication citée",
            before=False,
        ),
        RUN_ID,
    ),
    partition="iso_week",
)

ACCOUNTS = Table(
    "accounts",
    "One row an account: flags from its profile; the profile itself is not kept",
    "Une ligne par compte : indicateurs tirés du profil, lequel n'est pas conservé",
    ("account_id",),
    (
        ACCOUNT_ID,
        PLATFORM,
        _c("handle_id", TEXT, "Pseudonym of the handle", "Pseudonyme du nom d'utilisateur"),
        _c("instance", TEXT, "Server of the account", "Serveur du compte"),
        _k("declared_bot", FLAG, "Says that it is automated", "Se déclare automatisé"),
        _k(
            "organiser_profile",
            FLAG,
            "Its profile claims to run the campaign",
            "Son profil affirme animer la campagne",
        ),
        _c("created_at", TIME, "Creation of the account", "Création du compte"),
        _c("followers", INT, "Followers when last seen", "Abonnés à la dernière capture"),
        _k("first_seen_at", TIME, "First capture", "Première capture"),
        _k("last_seen_at", TIME, "Last capture", "Dernière capture"),
    ),
)

HANDLES = Table(
    "handles",
    "One row a handle and the account seen to bear it, as author or in a mention",
    "Une ligne par nom d'utilisateur et compte qui le porte, vu comme auteur ou dans une mention",
    ("handle_id", "account_id"),
    (
        _k("handle_id", TEXT, "Pseudonym of the handle", "Pseudonyme du nom d'utilisateur"),
        ACCOUNT_ID,
        PLATFORM,
    ),
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
        _one_of("kind", EngagementKind, "What was done", "Ce qui a été fait"),
        _c("at", TIME, "Exact time, when known", "Heure exacte, si elle est connue"),
        _c(
            "not_before",
            TIME,
            "Last complete poll of `source` without it, else the post's own time",
            "Dernier relevé complet de `source` sans lui, sinon l'heure de la publication",
        ),
        _k(
            "first_seen",
            TIME,
            "First look with it, on any server",
            "Premier relevé où il figure, sur tout serveur",
        ),
        _k("source", TEXT, "Server or archive that showed it then", "Serveur ou archive qui le montrait alors"),
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
        _one_of("kind", PollKind, "What was counted", "Ce qui a été compté"),
        _k(
            "source",
            TEXT,
            "Server that was asked: it knows nothing of what never reached it. `unknown` in rows of older lakes where "
            "nothing tells it: such a poll bounds no engagement",
            "Serveur interrogé : il ignore ce qui ne lui est pas parvenu. `unknown` dans les lignes d'anciens lacs "
            "quand rien ne l'indique : un tel relevé ne borne rien",
            before=UNKNOWN,
        ),
        _k("polled_at", TIME, "When its first page came", "Quand sa première page est venue"),
        _c(
            "ended_at",
            TIME,
            "When its last page came; null where that was not written down yet",
            "Quand sa dernière page est venue ; nul tant que ce n'était pas noté",
        ),
        _k(
            "complete",
            FLAG,
            "All came that the counter promised",
            "Tout ce que le compteur annonçait est venu",
        ),
        _k("got", INT, "How many came", "Combien sont venus"),
        _c("expected", INT, "How many the counter promised", "Combien le compteur en annonçait"),
    ),
)

DELETIONS = Table(
    "deletions",
    "One row a post and server that first said that it is gone; a post is deleted (`posts.deleted_at`) where its own "
    "server said so, or where another did and none has shown it since",
    "Une ligne par publication et serveur, la première fois qu'il la dit disparue ; elle est supprimée "
    "(`posts.deleted_at`) si son propre serveur le dit, ou si un autre l'a dit et qu'aucun ne l'a montrée depuis",
    ("platform", "post_id", "source"),
    (
        PLATFORM,
        POST_ID,
        _k(
            "source",
            TEXT,
            "Server or archive; `unknown` in rows of older lakes",
            "Serveur ou archive ; `unknown` dans les lignes d'anciens lacs",
            before=UNKNOWN,
        ),
        _k("deleted_at", TIME, "When it was found gone", "Date du constat"),
        _k(
            "by_own",
            FLAG,
            "The post's own server, or the platform itself, says so; others drop posts for reasons of their own",
            "C'est le propre serveur de la publication, ou la plateforme, qui le dit ; les autres en retirent pour "
            "des raisons à eux",
            before=True,
        ),
    ),
)

INTERACTIONS = Table(
    "interactions",
    "One row a post, actor and target: one person acting towards another",
    "Une ligne par publication, acteur et cible : une personne qui agit envers une autre",
    ("post_id", "source_id", "target_id"),
    (
        PLATFORM,
        _k(
            "post_id",
            TEXT,
            "The acting post; for a repost the post reposted",
            "La publication qui agit ; pour un repartage, celle qui est repartagée",
        ),
        _k("source_id", TEXT, "Who acts", "Qui agit"),
        _k("target_id", TEXT, "Towards whom", "Envers qui"),
        _one_of("kind", Act, "How", "Comment"),
        _k("time", TIME, "When, or the latest it can have been", "Quand, ou au plus tard"),
        _k("not_before", TIME, "The earliest; equals time when exact", "Au plus tôt ; égale time si exact"),
        _c(
            "acted_on_id",
            TEXT,
            "The post acted upon; null for a mention",
            "La publication visée ; nul pour une mention",
        ),
        _c("root_id", TEXT, "Root of the thread", "Racine du fil"),
        _k(
            "is_campaign",
            FLAG,
            "The acting post carries the hashtag or stands under one that does",
            "La publication porte le mot-dièse, ou se trouve sous une qui le porte",
        ),
        _k(
            "num_repeats",
            INT,
            "Times a repost was undone and redone",
            "Fois où un repartage a été défait puis refait",
        ),
        _k("iso_week", TEXT, "ISO week of time, in UTC", "Semaine ISO de time, en UTC"),
    ),
    partition="iso_week",
)

LABELS = Table(
    "labels",
    "One row a campaign post: what it does",
    "Une ligne par publication de la campagne : ce qu'elle fait",
    ("platform", "post_id"),
    (
        PLATFORM,
        POST_ID,
        _one_of("label", LabelName, "What the post does", "Ce que fait la publication"),
        _c("score", REAL, "Probability given by the classifier", "Probabilité donnée par le classifieur"),
        _one_of("beneficiary", Beneficiary, "Of a call: for whom", "D'un appel : pour qui", nullable=True),
        _c(
            "beneficiary_id",
            TEXT,
            "Account of the beneficiary, if it has one",
            "Compte du bénéficiaire, s'il en a un",
        ),
        _one_of(
            "outcome",
            Outcome,
            "Of thanks_outcome: a result is told, or thanks alone, by the classifier; null if only people saw one",
            "D'un thanks_outcome : un résultat est dit, ou un merci seul, d'après le classifieur ; nul si seuls des "
            "humains en ont vu un",
            nullable=True,
        ),
        _k("coder", TEXT, "human, or the classifier's version", "human, ou la version du classifieur"),
    ),
)

EPISODES = Table(
    "episodes",
    "One row a beneficiary and first call, followed for 168 hours; none other opens for 14 days",
    "Une ligne par bénéficiaire et premier appel, suivi pendant 168 heures ; aucun autre ne s'ouvre avant 14 jours",
    ("episode_id",),
    (
        _k("episode_id", TEXT, "Pseudonym of the first call", "Pseudonyme du premier appel"),
        PLATFORM,
        _k(
            "iso_week",
            TEXT,
            "ISO week of t_call in the campaign's zone",
            "Semaine ISO de t_call dans le fuseau de la campagne",
        ),
        _k("beneficiary_id", TEXT, "Who is to be helped", "Qui doit être aidé"),
        _k(
            "beneficiary_is_author",
            FLAG,
            "The author stands in for a person without account",
            "L'auteur tient lieu de bénéficiaire, faute de compte",
        ),
        _k("t_call", TIME, "Time of the first call", "Heure du premier appel"),
        _k(
            "call_ids",
            LIST,
            "Posts that are calls of this episode, first one first",
            "Appels de cet épisode, le premier en tête",
        ),
        _k("author_ids", LIST, "Authors of those calls", "Auteurs de ces appels"),
        _k(
            "is_mature",
            FLAG,
            "t_call + 168 h is not after as-of",
            "t_call + 168 h n'est pas postérieur à la date d'arrêt",
        ),
        _k(
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
        _k("episode_id", TEXT, "The episode", "L'épisode"),
        PLATFORM,
        _k("iso_week", TEXT, "The episode's week", "La semaine de l'épisode"),
        _one_of("role", Role, "Who acts: the groups are never mixed", "Qui agit : les groupes ne sont jamais mêlés"),
        _one_of("act", Act, "Kind of the first act", "Nature du premier acte"),
        _k("time", TIME, "First act, or the latest it can have been", "Premier acte, ou au plus tard"),
        _k("not_before", TIME, "The earliest; equals time when exact", "Au plus tôt ; égale time si exact"),
        _k(
            "num_acts",
            INT,
            "Acts in the follow-up, repeats counted",
            "Actes pendant le suivi, répétitions comptées",
        ),
        _k("num_referrals", INT, "Third persons named in those acts", "Tiers nommés dans ces actes"),
        _one_of("tie_class", TieClass, "Class of the tie at the call", "Classe du lien au moment de l'appel"),
        _k(
            "num_days",
            INT,
            "D: distinct UTC days of contact in the window",
            "D : jours UTC distincts de contact dans la fenêtre",
        ),
        _k("num_weeks", INT, "NW: ISO weeks (UTC) of contact", "NW : semaines ISO (UTC) de contact"),
        _k("is_reciprocal", FLAG, "R: contact in both directions", "R : contact dans les deux sens"),
        _k(
            "num_mutual",
            INT,
            "M: mutual neighbours on the prior graph",
            "M : voisins communs dans le graphe antérieur",
        ),
        _c("overlap", REAL, "O; null without a tie or where undefined", "O ; nul sans lien ou si non défini"),
        _c(
            "range",
            REAL,
            "Distance once the pair's own tie is taken out; infinite if none",
            "Distance sans le lien du couple ; infinie s'il n'y en a pas",
        ),
    ),
)

WEEKLY_INDICATORS = Table(
    "weekly_indicators",
    "One row a week, indicator and stratum",
    "Une ligne par semaine, indicateur et strate",
    ("campaign", "iso_week", "indicator", "stratum"),
    (
        _k("campaign", TEXT, "Name of the campaign", "Nom de la campagne"),
        _k("iso_week", TEXT, "ISO week in the campaign's zone", "Semaine ISO dans le fuseau de la campagne"),
        _k(
            "indicator",
            TEXT,
            "Name of the indicator, see docs/methods.md",
            "Nom de l'indicateur, voir docs/methods.md",
        ),
        _k(
            "stratum",
            TEXT,
            "all, a platform, a class or a bin",
            "all, une plateforme, une classe ou un intervalle",
        ),
        _c(
            "value",
            REAL,
            "Value; null where undefined or suppressed",
            "Valeur ; nulle si non définie ou masquée",
        ),
        _c("low", REAL, "Lower end of the 95 % interval", "Borne basse de l'intervalle à 95 %"),
        _c("high", REAL, "Upper end of the 95 % interval", "Borne haute de l'intervalle à 95 %"),
        _c("z", REAL, "Standard deviations from the null model", "Écarts-types par rapport au modèle nul"),
        _c("p", REAL, "p-value against the null model", "Valeur p contre le modèle nul"),
        _c("n", INT, "Cases behind the value", "Effectif derrière la valeur"),
        _one_of("status", FigureStatus, "How far the value can be relied on", "Ce que vaut le chiffre"),
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
        _k("source", TEXT, "Server or archive", "Serveur ou archive"),
        _one_of("scope", Scope, "What was asked for", "Ce qui a été demandé"),
        _k(
            "subject_id",
            TEXT,
            "Hashtag, or pseudonym of the post or account",
            "Mot-dièse, ou pseudonyme de la publication ou du compte",
        ),
        _k("asked_at", TIME, "When", "Quand"),
        _k("is_complete", FLAG, "Nothing is known to be missing", "Rien ne manque à notre connaissance"),
        _k("got", INT, "How many came", "Combien sont venus"),
        _c("expected", INT, "How many were announced", "Combien étaient annoncés"),
        _c("covered_from", TIME, "Known from", "Connu à partir de"),
        _c("covered_until", TIME, "Known until", "Connu jusqu'à"),
        _c(
            "reason",
            TEXT,
            "Why it is not complete: limit (we cut it), end_unknown (the server does not tell where the list ends), "
            "robots, refused, login, legal, gone, withheld, unreachable, rate_limit, malformed, missing_replies, "
            "unknown_account, not_offered",
            "Pourquoi c'est incomplet : limit (coupé par nous), end_unknown (le serveur ne dit pas où finit la liste), "
            "robots, refused, login, legal, gone, withheld, unreachable, rate_limit, malformed, missing_replies, "
            "unknown_account, not_offered",
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
        _k("source", TEXT, "Server or file", "Serveur ou fichier"),
        _k(
            "place",
            TEXT,
            "Line, request or pseudonym of the post",
            "Ligne, requête ou pseudonyme de la publication",
        ),
        _k("reason", TEXT, "Why, in one phrase", "Pourquoi, en une formule"),
        _k("stage", TEXT, "landing, clean or analyse", "landing, clean ou analyse"),
        _k("quarantined_at", TIME, "When", "Quand"),
    ),
)

RUNS = Table(
    "runs",
    "One row a run and source: outcome, counters, position",
    "Une ligne par collecte et source : issue, compteurs, position",
    ("run_id", "source"),
    (
        RUN_ID,
        _k("source", TEXT, "Server or archive", "Serveur ou archive"),
        _k("started_at", TIME, "The run's clock", "Horloge de la collecte"),
        _k("finished_at", TIME, "End", "Fin"),
        _one_of("status", RunStatus, "How it ended", "Comment elle a fini"),
        _k("campaign_hash", TEXT, "SHA-256 of the campaign file", "SHA-256 du fichier de campagne"),
        _k("fetched", INT, "Records that came", "Enregistrements reçus"),
        _k("accepted", INT, "New rows", "Nouvelles lignes"),
        _k(
            "updated",
            INT,
            "Known rows with newer words or counts",
            "Lignes connues au texte ou compteurs plus récents",
        ),
        _k("duplicate", INT, "Exact repeats", "Répétitions exactes"),
        _k("quarantined", INT, "Set aside", "Mis à l'écart"),
        _k("refused", INT, "Refused by policy", "Refusés par la politique de collecte"),
        _c(
            "deletions",
            INT,
            "Posts that the source said are gone; null in rows from before this was counted",
            "Publications que la source a dites disparues ; nul tant que ce n'était pas compté",
        ),
        _k(
            "reasons",
            TEXT,
            "Refusals and quarantines by reason, as JSON",
            "Refus et mises à l'écart par motif, en JSON",
        ),
        _k("checks", INT, "Quality checks made with this run", "Contrôles qualité faits avec cette collecte"),
        _k("failed_checks", INT, "Those that some rows failed", "Ceux que des lignes ont manqués"),
        _k("cursors", TEXT, "Position reached, as JSON", "Position atteinte, en JSON"),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        POSTS,
        POST_VERSIONS,
        ACCOUNTS,
        HANDLES,
        ENGAGEMENTS,
        POLLS,
        DELETIONS,
        INTERACTIONS,
        LABELS,
        EPISODES,
        MOBILISATIONS,
        WEEKLY_INDICATORS,
        COVERAGE,
        QUARANTINE,
        RUNS,
    )
}
