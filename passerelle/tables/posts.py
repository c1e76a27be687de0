"""Posts: as they are known now, as each look showed them, and those that are gone."""

from __future__ import annotations

from passerelle.tables.columns import (
    FLAG,
    INT,
    LIST,
    PLATFORM,
    POST_ID,
    RUN_ID,
    TEXT,
    TIME,
    UNKNOWN,
    Table,
    optional,
    required,
)

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
        required("iso_week", TEXT, "ISO week of created_at, in UTC", "Semaine ISO de created_at, en UTC"),
        required("created_at", TIME, "Time stated by the platform", "Heure déclarée par la plateforme"),
        required("first_captured_at", TIME, "First capture", "Première capture"),
        required("captured_at", TIME, "Newest look, changed or not", "Dernière capture, changée ou non"),
        optional("edited_at", TIME, "Last edit, if any", "Dernière modification, s'il y en a"),
        optional(
            "deleted_at",
            TIME,
            "When it was found deleted, see `deletions`",
            "Date à laquelle on l'a trouvée supprimée, voir `deletions`",
        ),
        required("author_id", TEXT, "Pseudonym of the author", "Pseudonyme de l'auteur"),
        required(
            "text",
            TEXT,
            "Plain text; mentions and links replaced by pseudonyms, e-mails and telephone numbers by a sign; not "
            "found: names in running text, addresses and numbers in words, other countries' national numbers",
            "Texte brut ; mentions et liens remplacés par des pseudonymes, courriels et téléphones par un signe ; non "
            "trouvés : noms au fil du texte, adresses et numéros en toutes lettres, numéros nationaux d'autres pays",
        ),
        optional("language", TEXT, "ISO 639-1 code given by the platform", "Code ISO 639-1 donné par la plateforme"),
        required("hashtags", LIST, "Folded hashtags, without #", "Mots-dièse normalisés, sans #"),
        required("mentions", LIST, "Accounts mentioned, each once", "Comptes mentionnés, une fois chacun"),
        required(
            "prefix_mentions",
            LIST,
            "Those that the platform set before the text",
            "Ceux que la plateforme a placés avant le texte",
        ),
        optional("reply_to_id", TEXT, "Post replied to", "Publication à laquelle elle répond"),
        optional("reply_to_author_id", TEXT, "Its author, when stated", "Son auteur, s'il est indiqué"),
        optional("root_id", TEXT, "Root of the thread, when stated", "Racine du fil, si elle est indiquée"),
        optional("repost_of_id", TEXT, "Post reposted", "Publication repartagée"),
        optional("repost_of_author_id", TEXT, "Its author", "Son auteur"),
        optional("quote_of_id", TEXT, "Post quoted", "Publication citée"),
        optional("quote_of_author_id", TEXT, "Its author", "Son auteur"),
        optional("replies", INT, "Replies counted by the platform", "Réponses comptées par la plateforme"),
        optional("reposts", INT, "Reposts counted by the platform", "Repartages comptés par la plateforme"),
        optional("quotes", INT, "Quotes counted by the platform", "Citations comptées par la plateforme"),
        optional("favourites", INT, "Favourites counted by the platform", "Favoris comptés par la plateforme"),
        required(
            "has_media",
            FLAG,
            "Carries an image, video or file",
            "Contient une image, une vidéo ou un fichier",
        ),
        required(
            "embedded",
            FLAG,
            "Seen only inside another post",
            "Vue seulement à l'intérieur d'une autre publication",
        ),
        required(
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
        required(
            "version_id",
            TEXT,
            "Digest of words, counts and relations",
            "Empreinte du texte, des compteurs et des relations",
        ),
        *(c for c in POSTS.columns if c.name not in ("platform", "post_id", "first_captured_at", "deleted_at")),
        required(
            "reply_to_is_local",
            FLAG,
            "`reply_to_id` is made of the server's own id: it did not show the post replied to",
            "`reply_to_id` vient de l'identifiant propre au serveur, qui n'a pas montré la publication visée",
            before=False,
        ),
        required(
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


POST_NAMES = Table(
    "post_names",
    "One row a post and the name that a server's own id makes for it: what replies and quotes hold where the server "
    "had not shown the post itself",
    "Une ligne par publication et nom tiré de l'identifiant propre à un serveur : ce que portent réponses et "
    "citations quand le serveur n'avait pas montré la publication elle-même",
    ("platform", "name_id", "post_id"),
    (
        PLATFORM,
        required("name_id", TEXT, "Pseudonym of that name", "Pseudonyme de ce nom"),
        POST_ID,
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
        required(
            "source",
            TEXT,
            "Server or archive; `unknown` in rows of older lakes",
            "Serveur ou archive ; `unknown` dans les lignes d'anciens lacs",
            before=UNKNOWN,
        ),
        required("deleted_at", TIME, "When it was found gone", "Date du constat"),
        required(
            "by_own",
            FLAG,
            "The post's own server, or the platform itself, says so; others drop posts for reasons of their own",
            "C'est le propre serveur de la publication, ou la plateforme, qui le dit ; les autres en retirent pour "
            "des raisons à eux",
            before=True,
        ),
    ),
)
