"""What is said of files that cannot be taken in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from passerelle.errors import UsageError
from passerelle.records import MalformedRecord
from spiders.archives.french import in_french
from spiders.archives.json_values import is_json, objects_in
from spiders.archives.tables import header_of


def unknown(path: Path, head: bytes) -> UsageError:
    """A file of no known format, with the columns that it has."""
    names = _columns(head)
    return UsageError(
        en=f"{path}: no known archive format; name its columns under [mappings.NAME] in the campaign file "
        f"and import it with that mapping; it has: {names}",
        fr=f"{path} : format d'archive inconnu ; nommez ses colonnes sous [mappings.NOM] dans le fichier de campagne "
        f"et importez-le avec cette correspondance ; il contient : {names}",
    )


def _columns(head: bytes) -> str:
    first = next(iter(objects_in(head[: 1 << 16])), {}) if is_json(head) else {}
    names = list(first) or header_of(head)[0]
    shown = ", ".join(names)[:200]
    return shown if shown.isprintable() and shown else "?"


def no_mapping(path: Path) -> UsageError:
    """A mapped file without mapping."""
    return UsageError(
        en=f"{path}: a mapped file needs a column mapping; name one of the campaign's [mappings.NAME]",
        fr=f"{path} : ce fichier demande une correspondance ; nommez l'une des [mappings.NOM] de la campagne",
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
