"""What is said of files that cannot be taken in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from passerelle.campaign import Mapping
from passerelle.errors import UsageError
from passerelle.records import MalformedRecord
from spiders.archives.feed_rows import FEED_COLUMNS, is_feed
from spiders.archives.french import in_french
from spiders.archives.json_values import is_json, objects_in
from spiders.archives.shipped import fitting
from spiders.archives.tables import header_of


def unknown(path: Path, head: bytes) -> UsageError:
    """A file of no known format, with the columns that it has and the shipped mappings that read such ones."""
    first = next(iter(objects_in(head[: 1 << 16])), {}) if is_json(head) else {}
    names = list(FEED_COLUMNS) if is_feed(head) else list(first) or header_of(head)[0]
    shown = ", ".join(names)[:200]
    told = shown if shown.isprintable() and shown else "?"
    fits = fitting(first or dict.fromkeys(names))
    en, fr = (f" with --mapping {fits}, or", f" avec --mapping {fits}, ou") if fits else ("", "")
    return UsageError(
        en=f"{path}: no known archive format; import it{en} with a mapping that names its columns under "
        f"[mappings.NAME] in the campaign file; it has: {told}",
        fr=f"{path} : format d'archive inconnu ; importez-le{fr} avec une correspondance qui nomme ses colonnes sous "
        f"[mappings.NOM] dans le fichier de campagne ; il contient : {told}",
    )


def no_mapping(path: Path) -> UsageError:
    """A mapped file without mapping."""
    return UsageError(
        en=f"{path}: a mapped file needs a column mapping; name one of the campaign's [mappings.NAME]",
        fr=f"{path} : ce fichier demande une correspondance ; nommez l'une des [mappings.NOM] de la campagne",
    )


def check_account(path: Path, mapping: Mapping, account: str | None) -> None:
    """Raise UsageError for a mapped file of which neither the rows nor the command say whose it is, or both do."""
    if mapping.author and account:
        raise UsageError(
            en=f"{path}: its column '{mapping.author}' says who wrote each row; leave --account out",
            fr=f"{path} : sa colonne « {mapping.author} » dit de qui est chaque ligne ; retirez --account",
        )
    if not mapping.author and not account and not mapping.unsigned:
        raise UsageError(
            en=f"{path}: its rows do not say whose they are; say --account NAME (the profile's address or name, as "
            "others mention it)",
            fr=f"{path} : ses lignes ne disent pas de qui elles sont ; précisez --account NOM (l'adresse ou le nom du "
            "profil, tel que d'autres le mentionnent)",
        )


def no_owner(path: Path) -> UsageError:
    """An export of Twitter's that does not say whose it is."""
    return UsageError(
        en=f"{path}: Twitter's export says in account.js whose posts these are; import the whole zip, or "
        "put account.js beside the file",
        fr=f"{path} : l'export de Twitter dit dans account.js de qui sont les publications ; importez le zip "
        "entier, ou placez account.js à côté du fichier",
    )


def no_post(paths: Sequence[Path], trouble: MalformedRecord | None) -> UsageError:
    """A collection in which no post could be read."""
    names = ", ".join(map(str, paths)) or "-"
    why = f" ({trouble.source}, {trouble.where}: {trouble.reason})" if trouble else ""
    pourquoi = f" ({trouble.source}, {in_french(trouble.where)} : {in_french(trouble.reason)})" if trouble else ""
    return UsageError(
        en=f"{names}: no post could be read{why}; nothing was imported, check the files",
        fr=f"{names} : aucune publication lisible{pourquoi} ; rien n'a été importé, vérifiez les fichiers",
    )
