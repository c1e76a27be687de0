"""Accounts, and the handles that they were seen to bear."""

from __future__ import annotations

from passerelle.tables.columns import ACCOUNT_ID, FLAG, INT, PLATFORM, TEXT, TIME, Table, optional, required

ACCOUNTS = Table(
    "accounts",
    "One row an account: flags from its profile; the profile itself is not kept",
    "Une ligne par compte : indicateurs tirés du profil, lequel n'est pas conservé",
    ("account_id",),
    (
        ACCOUNT_ID,
        PLATFORM,
        optional("handle_id", TEXT, "Pseudonym of the handle", "Pseudonyme du nom d'utilisateur"),
        optional("instance", TEXT, "Server of the account", "Serveur du compte"),
        required("declared_bot", FLAG, "Says that it is automated", "Se déclare automatisé"),
        required(
            "organiser_profile",
            FLAG,
            "Its profile claims to run the campaign",
            "Son profil affirme animer la campagne",
        ),
        optional("created_at", TIME, "Creation of the account", "Création du compte"),
        optional("followers", INT, "Followers when last seen", "Abonnés à la dernière capture"),
        optional(
            "moved_to_id",
            TEXT,
            "Pseudonym of the account that its owner says to have moved to",
            "Pseudonyme du compte vers lequel la personne dit avoir déménagé",
        ),
        required("first_seen_at", TIME, "First capture", "Première capture"),
        required("last_seen_at", TIME, "Last capture", "Dernière capture"),
    ),
)


HANDLES = Table(
    "handles",
    "One row a handle and the account seen to bear it, as author or in a mention",
    "Une ligne par nom d'utilisateur et compte qui le porte, vu comme auteur ou dans une mention",
    ("handle_id", "account_id"),
    (
        required("handle_id", TEXT, "Pseudonym of the handle", "Pseudonyme du nom d'utilisateur"),
        ACCOUNT_ID,
        PLATFORM,
    ),
)
